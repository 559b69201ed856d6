import { useMemo } from "react";
import { useFormat } from "../../app/format";
import { type Text, useText } from "../../app/text";
import { Card } from "../../components/card";
import { cx } from "../../components/cx";
import type { LogLine } from "../../node/tab";
import { useCurrency } from "./currency";
import { readable } from "./log";
import { logWords } from "./log_words";
import { noticeOf, type ProblemWords, problemWords } from "./problem_words";

const DOTS: Record<LogLine["kind"], string> = {
  info: "bg-line-strong",
  earned: "bg-accent",
  warning: "bg-warn",
  error: "bg-bad",
};

/** What happened on this device, newest first. */
export function LogCard({ log, className }: { log: readonly LogLine[]; className: string }) {
  const t = useText(logWords);
  const format = useFormat();
  const problems = useText(problemWords);
  const currency = useCurrency();
  const lines = useMemo(() => readable(log), [log]);
  return (
    <Card title={t("title")} hint={t("hint")} flush className={className}>
      {lines.length === 0 ? (
        <p className="px-4 pb-5 text-ink-soft sm:px-5">{t("empty")}</p>
      ) : (
        <ol
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached with keys
          tabIndex={0}
          aria-label={t("title")}
          className="max-h-96 overflow-y-auto px-4 pb-3 focus-visible:-outline-offset-2 sm:px-5"
        >
          {lines.map((line) => (
            <li
              key={`${line.at} ${line.code}`}
              className="flex items-baseline gap-3 border-line border-b py-2 last:border-0"
            >
              <time
                dateTime={new Date(line.at).toISOString()}
                className="w-18 shrink-0 text-ink-faint text-xs tabular-nums"
              >
                {format.time(line.at)}
              </time>
              <span aria-hidden className={cx("size-2 shrink-0 rounded-full", DOTS[line.kind])} />
              <span className="min-w-0 break-words">
                <span className="sr-only">{t(`kind_${line.kind}`)}: </span>
                {told(line, t, problems, (micros) => format.money(micros, currency))}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

/** A line of the log as a sentence. */
export function told(
  { code, values }: LogLine,
  t: Text<keyof typeof logWords.en>,
  problems: ProblemWords,
  money: (micros: number) => string,
): string {
  if (code === "paused") {
    const key = `paused_${values.reason}`;
    return t.has(key) ? t(key) : t("paused_draining");
  }
  const message = String(values.message ?? "");
  if (code === "problem") {
    return capital(noticeOf({ code: String(values.code ?? ""), message, hint: "" }, problems).message);
  }
  return t(code, { ...values, message, amount: money(Number(values.micros ?? 0)) });
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
