/** Names of what this page reads, so that what is done here asks for them anew. */
export const OPERATOR = ["operator"] as const;
export const BOOKS = [...OPERATOR, "books"] as const;
export const FUNDINGS = [...OPERATOR, "fundings"] as const;
export const EVERY_MS = 15_000;
