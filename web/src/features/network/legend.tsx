import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { cx } from "../../components/cx";
import { text } from "./messages";

const STEPS = ["bg-accent/30", "bg-accent/45", "bg-accent/60", "bg-accent/80", "bg-accent"];

/** What the colours of the map mean. */
export function Legend({ most }: { most: number }) {
  const t = useText(text);
  const format = useFormat();
  if (most < 2) return null;
  return (
    <p className="flex items-center gap-2 text-ink-faint text-xs">
      {t("legend")}
      <span className="tabular-nums">{format.number(1)}</span>
      <span aria-hidden className="flex overflow-hidden rounded-full">
        {STEPS.map((step) => (
          <span key={step} className={cx("h-2 w-5", step)} />
        ))}
      </span>
      <span className="tabular-nums">{format.compact(most)}</span>
    </p>
  );
}
