import * as z from "zod/mini";

/** What the address of this page may hold beside its path; whatever does not fit is left out. */
export const walletSearch = z.object({
  /** Which currency's money is shown; without it the network's. */
  currency: z.catch(z.optional(z.string().check(z.regex(/^[a-z]{3}$/))), undefined),
  /** Whose postings are shown; without it the wallet's. */
  account: z.catch(z.optional(z.enum(["wallet", "held", "earnings"])), undefined),
  /** Where the shown postings begin; without it at the newest. */
  before: z.catch(z.optional(z.string()), undefined),
  /** How far the chart goes back. */
  span: z.catch(z.optional(z.enum(["24h", "7d"])), undefined),
  /** What the earnings are grouped by; without it by days. */
  by: z.catch(z.optional(z.enum(["job", "node"])), undefined),
  /** The only day whose earnings are grouped. */
  day: z.catch(z.optional(z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/))), undefined),
  /** The funding that is looked at: the one just paid, when its payer comes back. */
  funding: z.catch(z.optional(z.uuid()), undefined),
  /** Whether Stripe sent the payer back after paying: what is shown is still what the coordinator knows. */
  paid: z.catch(z.optional(z.literal(1)), undefined),
});
