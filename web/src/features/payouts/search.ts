import * as z from "zod/mini";

/** What the address of this page may hold beside its path; whatever does not fit is left out. */
export const payoutsSearch = z.object({
  /** The account whose owner comes back from the rail's pages: it is read again. */
  account: z.catch(z.optional(z.uuid()), undefined),
  /** The payout whose story is open. */
  payout: z.catch(z.optional(z.uuid()), undefined),
  /** Where the shown payouts begin; without it at the newest. */
  before: z.catch(z.optional(z.string()), undefined),
});
