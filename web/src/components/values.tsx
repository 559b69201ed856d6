import { useFormat } from "../app/format";
import { useNow } from "../app/now";
import { cx } from "./cx";

/** An amount in millionths. `signed`: with a plus, and green, when something came in; `exact`: with every digit. */
export function Money(props: { micros: number; currency?: string; signed?: boolean; exact?: boolean }) {
  const { micros, currency = "usd", signed = false, exact = false } = props;
  const format = useFormat();
  const text = exact ? format.exactly(micros, currency) : format.money(micros, currency);
  const plus = signed && micros > 0;
  return (
    <span className={cx("tabular-nums", plus && "text-accent")}>
      {plus && "+"}
      {text}
    </span>
  );
}

/** How long ago, kept up to date; the exact time is in the tooltip. */
export function Ago({ at }: { at: string | number | Date }) {
  const format = useFormat();
  const now = useNow();
  const then = new Date(at);
  return (
    <time dateTime={then.toISOString()} title={format.dateTime(then)}>
      {format.ago(then, Math.max(now, then.getTime()))}
    </time>
  );
}

export function Bytes({ count }: { count: number }) {
  return <span className="tabular-nums">{useFormat().bytes(count)}</span>;
}

export function Duration({ seconds }: { seconds: number }) {
  return <span className="tabular-nums">{useFormat().duration(seconds)}</span>;
}
