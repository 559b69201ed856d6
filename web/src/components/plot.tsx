import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useFormat } from "../app/format";
import { type Locale, useLocale } from "../app/locale";
import { useTheme } from "../app/theme";
import type { ChartProps, Series } from "./chart";

/** The drawing behind Chart: uPlot on a canvas, in the colours of the theme, as wide as its place. */
export default function Plot({ label, times, series, format, height = 200 }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [at, setAt] = useState<number | null>(null);
  const shape = JSON.stringify(series.map(({ label, kind, tone }) => [label, kind, tone]));
  const theme = useTheme();
  const clock = useFormat();
  const locale = useLocale();
  const data = useMemo(
    () => [times, ...series.map((one) => one.values)] as unknown as uPlot.AlignedData,
    [times, series],
  );
  const latest = useRef({ data, series, format });
  latest.current = { data, series, format };

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` and `theme` stand for what the drawing reads
  useEffect(() => {
    const box = place.current;
    if (!box) return;
    const axis = (value: number) => latest.current.format(value);
    const drawn = new uPlot(
      options(latest.current.series, axis, setAt, box.clientWidth, height, locale),
      latest.current.data,
      box,
    );
    plot.current = drawn;
    const watch = new ResizeObserver(() => drawn.setSize({ width: box.clientWidth, height }));
    watch.observe(box);
    return () => {
      watch.disconnect();
      drawn.destroy();
      plot.current = undefined;
    };
  }, [shape, theme, height, locale]);

  useEffect(() => plot.current?.setData(data), [data]);

  const shown = at ?? times.length - 1;
  return (
    <figure>
      <div ref={place} role="img" aria-label={label} className="w-full overflow-hidden" style={{ height }} />
      <figcaption aria-hidden className="flex min-h-5 flex-wrap justify-end gap-x-4 text-ink-soft text-xs tabular-nums">
        {times[shown] !== undefined && <span>{clock.dateTime(times[shown] * 1000)}</span>}
        {series.map((one) => (
          <span key={one.label}>
            {one.label} <strong className="font-semibold text-ink">{value(one, shown, format)}</strong>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function value(one: Series, place: number, format: (value: number) => string): string {
  const found = one.values[place];
  return found === undefined || found === null ? "–" : format(found);
}

function options(
  series: readonly Series[],
  format: (value: number) => string,
  onPoint: (place: number | null) => void,
  width: number,
  height: number,
  locale: Locale,
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--color-${name}`).trim();
  const font = `11px ${style.getPropertyValue("--font-sans")}`;
  const axis: uPlot.Axis = { stroke: colour("ink-faint"), font, grid: { show: false }, ticks: { show: false } };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    hooks: { setCursor: [(drawn) => onPoint(drawn.cursor.idx ?? null)] },
    scales: { y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [
      { ...axis, space: 70, values: (_plot, ticks) => timeLabels(ticks, locale) },
      {
        ...axis,
        size: 56,
        grid: { stroke: colour("line"), width: 1 },
        values: (_plot, ticks) => ticks.map((tick) => format(tick)),
      },
    ],
    series: [{}, ...series.map((one) => drawnSeries(one, colour))],
  };
}

const DAY_S = 86_400;

/** Days where the ticks are days apart, else the time of day. */
function timeLabels(ticks: readonly number[], locale: Locale): string[] {
  const [first = 0, second = first] = ticks;
  const parts: Intl.DateTimeFormatOptions =
    second - first >= DAY_S ? { day: "numeric", month: "short" } : { hour: "numeric", minute: "2-digit" };
  const format = new Intl.DateTimeFormat(locale, parts);
  return ticks.map((tick) => format.format(tick * 1000));
}

const TONES = { accent: "accent", faint: "ink-faint", warn: "warn" } as const;

function drawnSeries(one: Series, colour: (name: string) => string): uPlot.Series {
  const stroke = colour(TONES[one.tone ?? "accent"]);
  const fill = one.tone && one.tone !== "accent" ? "transparent" : colour("accent-soft");
  const look: uPlot.Series = { label: one.label, stroke, width: 2, fill, points: { show: false } };
  const bars = uPlot.paths.bars?.({ size: [0.7, 24], radius: 0.2 });
  return one.kind === "bars" && bars ? { ...look, width: 0, fill: stroke, paths: bars } : look;
}
