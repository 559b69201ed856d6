import * as z from "zod/mini";

/** What the address of this page may hold beside its path; whatever does not fit is left out. */
export const postingSearch = z.object({
  /** Where the shown tasks begin; without it at the first. */
  cursor: z.catch(z.optional(z.string()), undefined),
  /** The task whose votes are open. */
  task: z.catch(z.optional(z.string()), undefined),
});
