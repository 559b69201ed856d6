import type { Balance } from "../../api";

/** Money that may be exchanged. */
export interface Source {
  readonly account: "wallet" | "earnings";
  readonly currency: string;
  readonly micros: number;
}

/** Wallets and earnings with something in them; what is held belongs to jobs. */
export function sourcesOf(balances: readonly Balance[]): readonly Source[] {
  return balances.flatMap((has) =>
    (["wallet", "earnings"] as const)
      .map((account) => ({ account, currency: has.currency, micros: has[`${account}_micros`] }))
      .filter((source) => source.micros > 0),
  );
}
