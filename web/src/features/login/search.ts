import * as z from "zod/mini";

/** `next`: the page of this app to go to after the login; anything else would be an open door to other sites. */
export const loginSearch = z.object({
  next: z.catch(z.optional(z.string().check(z.regex(/^\/(?![/\\])[!-~]*$/))), undefined),
});
