/** Names of what this page reads, so that what is done here asks for it anew. */
export const POOLS = ["pools"] as const;
export const MINE = [...POOLS, "mine"] as const;
export const MEMBERS = [...POOLS, "members"] as const;
export const EVERY_MS = 15_000;
