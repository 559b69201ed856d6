import * as z from "zod/mini";

/** What the address of this page may hold beside its path; whatever does not fit is left out. */
export const jobSearch = z.object({
  /** Which tasks the table shows. */
  state: z.catch(z.optional(z.enum(["open", "verified", "failed", "cancelled"])), undefined),
  /** The task that is looked at: its place in the input order. */
  task: z.catch(z.optional(z.int().check(z.nonnegative())), undefined),
});

export type TaskFilter = z.infer<typeof jobSearch>["state"];
