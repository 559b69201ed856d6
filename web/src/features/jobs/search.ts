import * as z from "zod/mini";
import type { JobsListJobsData } from "../../api";

/** What the address of this page may hold beside its path; whatever does not fit is left out. */
export const jobsSearch = z.object({
  q: z.catch(z.optional(z.coerce.string()), undefined),
  state: z.catch(z.optional(z.enum(["live", "done", "cancelled"])), undefined),
  runtime: z.catch(z.optional(z.enum(["python", "wasm"])), undefined),
  /** Where the page of the list begins. */
  cursor: z.catch(z.optional(z.string()), undefined),
});

export type JobsSearch = z.infer<typeof jobsSearch>;

const ROWS = 25;
const STATES = { live: ["open", "running"], done: ["done"], cancelled: ["cancelled"] } as const;

/** The same as the coordinator is asked for it. */
export function queryOf({ q, state, runtime, cursor }: JobsSearch): NonNullable<JobsListJobsData["query"]> {
  return {
    limit: ROWS,
    ...(q && { q }),
    ...(state && { state: [...STATES[state]] }),
    ...(runtime && { runtime }),
    ...(cursor && { cursor }),
  };
}
