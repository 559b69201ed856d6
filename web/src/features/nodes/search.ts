import * as z from "zod/mini";

/** What the address of this page may hold beside its path; whatever does not fit is left out. */
export const nodesSearch = z.object({
  /** The node whose details are open. */
  node: z.catch(z.optional(z.uuid()), undefined),
  /** Whether the retired ones are shown too. */
  retired: z.catch(z.optional(z.boolean()), undefined),
});
