/** How fast a job goes, from the numbers the page has seen. Nothing here reads the clock. */
export interface Sample {
  /** Milliseconds. */
  readonly at: number;
  readonly ended: number;
}

const KEPT_MS = 60_000;
const LEAST_MS = 4_000;

/** The samples of the last minute, with one more. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  if (samples.at(-1)?.at === sample.at) return samples;
  return [...samples.filter((one) => one.at > sample.at - KEPT_MS), sample];
}

/** Tasks in a second; undefined while that cannot be told, and when nothing ended. */
export function paceOf(samples: readonly Sample[]): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < LEAST_MS) return undefined;
  const pace = ((last.ended - first.ended) / (last.at - first.at)) * 1000;
  return pace > 0 ? pace : undefined;
}

export function leftSeconds(open: number, pace: number | undefined): number | undefined {
  return pace === undefined ? undefined : open / pace;
}
