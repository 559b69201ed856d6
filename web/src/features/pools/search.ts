import * as z from "zod/mini";

/** What the address of this page may hold beside its path; whatever does not fit is left out. */
export const poolsSearch = z.object({
  /** Where the shown members begin; without it at the first. */
  after: z.catch(z.optional(z.string()), undefined),
});
