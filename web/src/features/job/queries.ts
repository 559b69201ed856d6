import { type QueryKey, useQuery } from "@tanstack/react-query";
import { disputesGet, jobsGet, jobsListTasks, jobsWhyItWaits, tasksGet, tasksWhyItWaits } from "../../api";
import { jobKey } from "../jobs/cancel";
import { isLive } from "../jobs/job";
import { type Exactly, readExactly } from "./exactly";

export const LIVE_MS = 2_000;
const WHY_MS = 4_000;

export const tasksKey = (jobId: string): QueryKey => [...jobKey(jobId), "tasks"];

/** Asks again every two seconds while the job may change. */
export function useJob(jobId: string) {
  return useQuery({
    queryKey: jobKey(jobId),
    queryFn: ({ signal }) => jobsGet({ path: { job_id: jobId }, signal }),
    refetchInterval: ({ state }) => (state.data && isLive(state.data) ? LIVE_MS : false),
  });
}

export function useJobWhy(jobId: string) {
  return useQuery({
    queryKey: [...jobKey(jobId), "why"],
    queryFn: ({ signal }) => jobsWhyItWaits({ path: { job_id: jobId }, signal }),
    refetchInterval: WHY_MS,
  });
}

/** The task at a place of the input order. */
export function useTask(jobId: string, index: number | undefined) {
  return useQuery({
    queryKey: [...tasksKey(jobId), "one", index],
    queryFn: ({ signal }) => readTask(jobId, index ?? 0, signal),
    enabled: index !== undefined,
    refetchInterval: ({ state }) => (state.data && isOpen(state.data.task.state) ? LIVE_MS : false),
  });
}

async function readTask(jobId: string, index: number, signal: AbortSignal): Promise<Exactly | null> {
  const { items } = await jobsListTasks({ path: { job_id: jobId }, query: { from: index, limit: 1 }, signal });
  const row = items[0];
  if (!row) return null;
  const answer: unknown = await tasksGet({ path: { task_id: digits(row.id) }, parseAs: "text", signal });
  return readExactly(String(answer));
}

export function useTaskWhy(jobId: string, taskId: string, open: boolean) {
  return useQuery({
    queryKey: [...tasksKey(jobId), "why", taskId],
    queryFn: ({ signal }) => tasksWhyItWaits({ path: { task_id: digits(taskId) }, signal }),
    enabled: open,
    refetchInterval: WHY_MS,
  });
}

export function useDispute(id: number) {
  return useQuery({
    queryKey: ["dispute", id],
    queryFn: ({ signal }) => disputesGet({ path: { dispute_id: id }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function isOpen(state: string): boolean {
  return state === "queued" || state === "voting" || state === "disputed";
}

/** The path takes all digits of an id; as a JavaScript number it would lose some. */
export function digits(taskId: string): number {
  return taskId as unknown as number;
}
