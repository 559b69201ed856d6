import type { Network } from "../../api";
import type { Place } from "./places";

/** What the coordinator's numbers mean on this page. Unknown stays undefined: nothing is made up. */
export interface View {
  readonly nodes: number;
  readonly nodesEver: number;
  readonly cores: number;
  readonly countries: number;
  /** Tasks verified a minute. */
  readonly rate: number;
  readonly micros: number | undefined;
  readonly agreement: number | undefined;
  readonly redundancy: number | undefined;
  readonly queueAgeS: number | undefined;
  readonly tasksVerified: number;
  readonly votes: number;
  readonly jobs: number;
  readonly jobsLive: number;
  readonly places: readonly Place[];
  readonly hour: readonly Minute[];
}

export interface Minute {
  /** Seconds since 1970. */
  readonly at: number;
  readonly verified: number;
  readonly executions: number;
}

const RATE_MINUTES = 5;
const MS = 1000;

export function viewOf(network: Network): View {
  const { numbers, countries } = network;
  const hour = network.minutes.map((one) => ({ ...one, at: Date.parse(one.at) / MS }));
  return {
    nodes: countries.reduce((sum, one) => sum + one.nodes, 0),
    nodesEver: numbers.nodes_registered ?? 0,
    cores: countries.reduce((sum, one) => sum + one.cores, 0),
    countries: countries.filter((one) => one.country !== null).length,
    rate: rateOf(hour),
    micros: network.earned_micros_per_core_hour ?? undefined,
    agreement: network.agreement ?? undefined,
    redundancy: network.redundancy ?? undefined,
    queueAgeS: network.queue_age_s ?? undefined,
    tasksVerified: numbers.tasks_verified ?? 0,
    votes: numbers.votes ?? 0,
    jobs: numbers.jobs_total ?? 0,
    jobsLive: numbers.jobs_live ?? 0,
    places: countries.map((one) => ({ ...one, country: one.country ?? "" })),
    hour,
  };
}

/** Tasks verified a minute, of the last minutes that are over: the running one is never full. */
export function rateOf(hour: readonly Minute[]): number {
  const over = hour.slice(0, -1).slice(-RATE_MINUTES);
  return over.reduce((sum, minute) => sum + minute.verified, 0) / Math.max(1, over.length);
}
