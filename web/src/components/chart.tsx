import { lazy, Suspense } from "react";
import { Skeleton } from "./skeleton";

export interface Series {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** Filled below; bars for counts in time slots. */
  readonly kind?: "line" | "bars";
  readonly tone?: "accent" | "faint" | "warn";
}

export interface ChartProps {
  /** What the chart shows, in one sentence with its main number, for those who cannot see it. */
  readonly label: string;
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  readonly height?: number;
}

const Plot = lazy(() => import("./plot"));

/** Values over time. The drawing library comes when the first chart does; the room is kept. */
export function Chart(props: ChartProps) {
  const height = props.height ?? 200;
  return (
    <div style={{ minHeight: height }}>
      <Suspense fallback={<Skeleton className="h-full min-h-[inherit]" />}>
        <Plot {...props} height={height} />
      </Suspense>
    </div>
  );
}
