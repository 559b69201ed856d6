import * as z from "zod/mini";

export const PARTS = ["books", "in", "out", "checks"] as const;
export type Part = (typeof PARTS)[number];

/** What the address of this page may hold beside its path; whatever does not fit is left out. */
export const operatorMoneySearch = z.object({
  /** Which part is shown; without it the books. */
  part: z.catch(z.optional(z.enum(PARTS)), undefined),
  /** A bank transfer that is looked for, as its payer wrote it. */
  reference: z.catch(z.optional(z.string()), undefined),
  /** Where the shown page of the part's list begins. */
  before: z.catch(z.optional(z.string()), undefined),
});
