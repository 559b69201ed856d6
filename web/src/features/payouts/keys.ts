/** Everything here is about the same money as the wallet's page: what changes it makes both stale. */
export const MONEY = ["wallet"] as const;
export const ACCOUNTS = ["wallet", "accounts"] as const;
export const PAYOUTS = ["wallet", "payouts"] as const;
export const PLAN = ["wallet", "plan"] as const;
export const BALANCES = ["wallet", "balances"] as const;
