import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { cx } from "../../components/cx";
import { type Draft, formOf } from "./draft";
import type { Read, Refused } from "./inputs/between";
import { text } from "./messages";
import { Notice } from "./notice";
import type { Inputs } from "./use_inputs";

/** What became of the inputs: how many tasks, the first of them as calls, or the line that cannot be read. */
export function Preview({ draft, inputs, entry }: { draft: Draft; inputs: Inputs; entry: string }) {
  const t = useText(text);
  const format = useFormat();
  const { outcome, reading } = inputs;
  if (formOf(draft) === "files") {
    if (draft.files.length === 0) return null;
    const bytes = draft.files.reduce((sum, { size }) => sum + size, 0);
    return <Count words={t("tasks", { count: draft.files.length })} size={format.bytes(bytes)} />;
  }
  if (outcome === undefined) return null;
  if ("refused" in outcome) return <Wrong refused={outcome.refused} />;
  if (outcome.read.count === 0) return null;
  return <First read={outcome.read} reading={reading} entry={draft.runtime === "python" ? entry : undefined} />;
}

function Count({ words, size }: { words: string; size: string }) {
  return (
    <p role="status" className="flex flex-wrap items-baseline gap-x-3 text-sm">
      <span className="font-semibold text-base tabular-nums">{words}</span>
      <span className="text-ink-faint tabular-nums">{size}</span>
    </p>
  );
}

function First({ read, reading, entry }: { read: Read; reading: boolean; entry: string | undefined }) {
  const t = useText(text);
  const format = useFormat();
  const { count, bytes, first, names } = read;
  return (
    <div className={cx("flex flex-col gap-2 transition-opacity", reading && "opacity-55")}>
      <Count words={t("tasks", { count })} size={format.bytes(bytes)} />
      {names && <p className="text-ink-faint text-sm break-words">{t("columns", { names: names.join(", ") })}</p>}
      <ol
        aria-label={t(entry === undefined ? "previewWasm" : "preview")}
        className="overflow-x-auto rounded-md bg-sunken px-3 py-2 font-mono text-xs leading-5"
      >
        {first.map((call, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a list that only changes as a whole
          <li key={place} className="whitespace-pre">
            {entry === undefined ? call : `${entry}${call}`}
          </li>
        ))}
      </ol>
      {count > first.length && (
        <p className="text-ink-faint text-xs">{t("moreTasks", { count: count - first.length })}</p>
      )}
    </div>
  );
}

function Wrong({ refused }: { refused: Refused }) {
  const t = useText(text);
  return <Notice tone="bad">{t(`input_${refused.problem}`, { line: refused.line, found: refused.found })}</Notice>;
}
