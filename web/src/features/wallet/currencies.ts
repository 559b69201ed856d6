import type { Balance } from "../../api";

/** Currencies that somebody has or owes something in, and those that are always offered; by name. */
export function currenciesOf(balances: readonly Balance[], always: readonly string[]): readonly string[] {
  const used = balances.filter((has) => has.wallet_micros || has.held_micros || has.earnings_micros || has.debt_micros);
  return [...new Set([...used.map((has) => has.currency), ...always])].sort();
}

/** The balance in a currency; of nothing where there never was any. */
export function balanceIn(balances: readonly Balance[], currency: string): Balance {
  const found = balances.find((has) => has.currency === currency);
  return found ?? { currency, wallet_micros: 0, held_micros: 0, earnings_micros: 0, debt_micros: 0 };
}
