import type { Vote } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Badge } from "../../components/badge";
import { text } from "./messages";

const ID_CHARS = 8;

/** Who voted, whether for what was accepted, and how much that counted. */
export function Votes({ votes }: { votes: readonly Vote[] }) {
  const t = useText(text);
  const format = useFormat();
  const heaviest = Math.max(...votes.map((vote) => vote.weight), 0);
  return (
    <ul className="flex flex-col divide-y divide-line rounded-md border border-line">
      {votes.map((vote, place) => (
        <li key={vote.node ?? place} className="flex items-center gap-3 px-4 py-2">
          <span className="min-w-0 flex-1 truncate">
            {vote.node === null ? t("nodeGone") : t.rich("node", { id: <Id of={vote.node} /> })}
          </span>
          <span aria-hidden className="hidden h-1.5 w-24 overflow-hidden rounded-full bg-sunken sm:block">
            <span
              className="block h-full rounded-full bg-line-strong"
              style={{ width: `${heaviest > 0 ? (vote.weight / heaviest) * 100 : 0}%` }}
            />
          </span>
          <span className="text-right sm:w-28 text-ink-soft text-sm tabular-nums">
            {t("weightOf", { weight: format.number(vote.weight, 2) })}
          </span>
          <span className="flex flex-wrap justify-end gap-1 sm:min-w-28">
            {vote.fast && <Badge>{t("voteFast")}</Badge>}
            <Badge tone={vote.agreed ? "good" : "bad"}>{t(vote.agreed ? "voteAgreed" : "voteDissented")}</Badge>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Enough of a node's public id to tell it from others. */
export function Id({ of }: { of: string }) {
  return (
    <code title={of} className="font-mono text-xs">
      {of.slice(0, ID_CHARS)}
    </code>
  );
}
