import * as z from "zod/mini";

/** What the address of this page may hold beside its path; whatever does not fit is left out. */
export const walletSearch = z.object({
  /** Whose postings are shown; without it the wallet's. */
  account: z.catch(z.optional(z.enum(["wallet", "held", "earnings"])), undefined),
  /** Where the shown postings begin; without it at the newest. */
  before: z.catch(z.optional(z.string()), undefined),
  /** How far the chart goes back. */
  span: z.catch(z.optional(z.enum(["24h", "7d"])), undefined),
});
