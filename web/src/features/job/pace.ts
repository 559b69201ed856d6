/** How fast a job goes, from the numbers the page has seen. Nothing here reads the clock. */
export interface Sample {
  /** Milliseconds. */
  readonly at: number;
  readonly ended: number;
}

const KEPT_MS = 60_000;
const LEAST_MS = 4_000;
/** The first tasks of a job are a probe; from less than this nobody should conclude on the rest. */
const LEAST_ENDED = 10;

/** The samples of the last minute, with one more. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  if (samples.at(-1)?.at === sample.at) return samples;
  return [...samples.filter((one) => one.at > sample.at - KEPT_MS), sample];
}

/** Tasks in a second; undefined while that cannot be told. */
export function paceOf(samples: readonly Sample[]): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < LEAST_MS) return undefined;
  const ended = last.ended - first.ended;
  return ended < LEAST_ENDED ? undefined : (ended / (last.at - first.at)) * 1000;
}

/** Nothing has ended for most of a minute. */
export function isResting(samples: readonly Sample[]): boolean {
  const first = samples[0];
  const last = samples.at(-1);
  return Boolean(first && last && last.at - first.at > 0.8 * KEPT_MS && last.ended === first.ended);
}

export function leftSeconds(open: number, pace: number | undefined): number | undefined {
  return pace === undefined ? undefined : open / pace;
}
