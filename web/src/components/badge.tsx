import type { ReactNode } from "react";
import { cx } from "./cx";

export type Tone = "neutral" | "good" | "warn" | "bad";

const TONES: Record<Tone, string> = {
  neutral: "bg-sunken text-ink-soft",
  good: "bg-accent-soft text-accent",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
};

/** A word about a thing. */
export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  const classes = "inline-flex h-6 items-center rounded-full px-2.5 font-medium text-xs whitespace-nowrap";
  return <span className={cx(classes, TONES[tone])}>{children}</span>;
}

/** The state a thing is in: a dot and a word. `live`: it changes by itself right now. */
export function StatePill(props: { tone: Tone; live?: boolean; children: ReactNode }) {
  const { tone, live = false, children } = props;
  const classes = "inline-flex h-6 items-center gap-1.5 rounded-full px-2.5 font-medium text-xs whitespace-nowrap";
  return (
    <span className={cx(classes, TONES[tone])}>
      <span aria-hidden className={cx("size-1.5 rounded-full bg-current", live && "animate-pulse")} />
      {children}
    </span>
  );
}
