import type { Job } from "../../api";
import type { Tone } from "../../components/badge";

/** What the pages ask of a job. Nothing here knows React. */
export function isLive(job: Pick<Job, "state">): boolean {
  return job.state === "open" || job.state === "running";
}

export function endedTasks(job: Pick<Job, "verified" | "failed">): number {
  return job.verified + job.failed;
}

/** Tasks that may still end; of a cancelled job none will. */
export function openTasks(job: Pick<Job, "state" | "total" | "verified" | "failed">): number {
  return isLive(job) ? Math.max(0, job.total - endedTasks(job)) : 0;
}

/** What is still held of its budget: all of it comes back that is not spent when the job ends. */
export function heldMicros(job: Pick<Job, "state" | "budget_micros" | "spent_micros">): number {
  return isLive(job) ? Math.max(0, job.budget_micros - job.spent_micros) : 0;
}

const TOLD_FROM = 0.1;

/** Runs per task. While much is still open its runs count, too, and would make the first ended tasks look dear. */
export function redundancyOf(job: Job): number | undefined {
  const early = isLive(job) && endedTasks(job) < TOLD_FROM * job.total;
  return early || job.redundancy === null ? undefined : job.redundancy;
}

export interface JobLook {
  readonly word: "taking" | "running" | "waiting" | "done" | "cancelled";
  readonly tone: Tone;
  readonly live: boolean;
}

export function lookOf(job: Pick<Job, "state" | "waiting">): JobLook {
  if (job.state === "done") return { word: "done", tone: "good", live: false };
  if (job.state === "cancelled") return { word: "cancelled", tone: "neutral", live: false };
  if (job.waiting) return { word: "waiting", tone: "warn", live: false };
  return { word: job.state === "open" ? "taking" : "running", tone: "good", live: true };
}
