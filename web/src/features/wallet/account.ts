import type { Balance } from "../../api";

/** The accounts a person has, in the order of the page. */
export const ACCOUNTS = ["wallet", "held", "earnings"] as const;
export type Account = (typeof ACCOUNTS)[number];

/** What somebody has who never had any money. */
export const NOTHING: Balance = { currency: "usd", wallet_micros: 0, held_micros: 0, earnings_micros: 0 };
