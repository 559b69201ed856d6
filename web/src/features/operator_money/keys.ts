/** Names of what this page reads, so that what is done here asks for them anew. */
export const OPERATOR = ["operator"] as const;
export const REPORT = [...OPERATOR, "report"] as const;
export const FUNDINGS = [...OPERATOR, "fundings"] as const;
export const PAYOUTS = [...OPERATOR, "payouts"] as const;
export const BATCHES = [...OPERATOR, "batches"] as const;
export const EVERY_MS = 15_000;
