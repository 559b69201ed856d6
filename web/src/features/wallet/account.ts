/** The accounts a person has, in the order of the page. */
export const ACCOUNTS = ["wallet", "held", "earnings"] as const;
export type Account = (typeof ACCOUNTS)[number];
