import { cx } from "./cx";

/** How far something is. `value` undefined: nobody knows yet. */
export function Progress(props: { value: number | undefined; max?: number; label: string; tone?: "good" | "bad" }) {
  const { value, max = 1, label, tone = "good" } = props;
  const share = value === undefined || max <= 0 ? undefined : Math.min(1, Math.max(0, value / max));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
      className="h-2 w-full overflow-hidden rounded-full bg-sunken"
    >
      <div
        className={cx(
          "h-full rounded-full transition-[width] duration-300",
          tone === "bad" ? "bg-bad" : "bg-accent",
          share === undefined && "w-1/3 animate-pulse",
        )}
        style={share === undefined ? undefined : { width: `${share * 100}%` }}
      />
    </div>
  );
}
