import { memo, type ReactNode } from "react";
import { cx } from "../../components/cx";
import { levelOf, type Spread } from "./places";
import { HEIGHT, MIDDLES, SHAPES, TINY, WIDTH } from "./world.gen";

export const FILLS = [
  "fill-ink-faint/15",
  "fill-accent/30",
  "fill-accent/45",
  "fill-accent/60",
  "fill-accent/80",
  "fill-accent",
] as const;
const DOT = 7;
const PERCENT = 100;

/** The world with its countries coloured by their nodes. The list beside it says the same in words. */
export default function WorldMap(props: {
  spread: Spread;
  /** What the map shows, in a sentence. */
  label: string;
  active: string | undefined;
  onActive: (country: string | undefined) => void;
  /** What is said about the active country. */
  tip: ReactNode;
}) {
  const { spread, label, active, onActive, tip } = props;
  const at = active === undefined ? undefined : MIDDLES[active];
  return (
    <div className="relative" onPointerLeave={() => onActive(undefined)}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} className="block h-auto w-full">
        <Land spread={spread} onActive={onActive} />
        {active && SHAPES[active] && (
          <path d={SHAPES[active]} className="pointer-events-none fill-none stroke-ink" strokeWidth={3} />
        )}
        {active && at && (!SHAPES[active] || TINY.has(active)) && (
          <circle
            cx={at[0]}
            cy={at[1]}
            r={2 * DOT}
            className="pointer-events-none fill-none stroke-ink"
            strokeWidth={3}
          />
        )}
      </svg>
      {at && tip && (
        <div
          aria-hidden
          className={cx(
            "pointer-events-none absolute z-10 -translate-y-full rounded-md border border-line bg-surface px-3 py-2 whitespace-nowrap shadow-float",
            at[0] > 0.75 * WIDTH ? "-translate-x-full" : at[0] < 0.25 * WIDTH ? "" : "-translate-x-1/2",
          )}
          style={{ left: `${(PERCENT * at[0]) / WIDTH}%`, top: `calc(${(PERCENT * at[1]) / HEIGHT}% - 0.75rem)` }}
        >
          {tip}
        </div>
      )}
    </div>
  );
}

/** Apart, so that pointing at a country does not draw all others again. */
const Land = memo(function Land(props: { spread: Spread; onActive: (country: string | undefined) => void }) {
  const { spread, onActive } = props;
  const here = new Map(spread.places.map((place) => [place.country, place.nodes]));
  return (
    <>
      {Object.entries(SHAPES).map(([country, shape]) => {
        const nodes = here.get(country) ?? 0;
        return (
          <path
            key={country}
            d={shape}
            onPointerEnter={() => onActive(nodes > 0 ? country : undefined)}
            className={cx("stroke-surface", FILLS[levelOf(nodes, spread.most)])}
            strokeWidth={1.5}
          />
        );
      })}
      {spread.places.map(({ country }) => {
        const at = TINY.has(country) && MIDDLES[country];
        return (
          at && (
            <circle
              key={country}
              cx={at[0]}
              cy={at[1]}
              r={DOT}
              onPointerEnter={() => onActive(country)}
              className="fill-accent stroke-surface"
              strokeWidth={2}
            />
          )
        );
      })}
    </>
  );
});
