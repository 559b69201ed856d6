import type { Balance, ExchangePair } from "../../api";

/** Money that may be exchanged. */
export interface Source {
  readonly account: "wallet" | "earnings";
  readonly currency: string;
  readonly micros: number;
  /** What it may become: never empty. */
  readonly targets: readonly string[];
}

/**
 * Wallets and earnings with something in them that one of `currencies` can be had for; what is held belongs to jobs.
 * `pairs`: what there are rates for.
 */
export function sourcesOf(
  balances: readonly Balance[],
  currencies: readonly string[],
  pairs: readonly ExchangePair[],
): readonly Source[] {
  const targetsOf = (from: string) =>
    currencies.filter((to) => pairs.some((pair) => pair.source_currency === from && pair.target_currency === to));
  return balances.flatMap((has) =>
    (["wallet", "earnings"] as const)
      .map((account) => ({
        account,
        currency: has.currency,
        micros: has[`${account}_micros`],
        targets: targetsOf(has.currency),
      }))
      .filter((source) => source.micros > 0 && source.targets.length > 0),
  );
}
