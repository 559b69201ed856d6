import type { Trace } from "../../api";

/** One line of a transaction: an entry of one's own, or those of others in accounts of one kind together. */
export interface Line {
  readonly account: string;
  readonly currency: string;
  readonly micros: number;
  /** Whose; of others, how many accounts. */
  readonly own: boolean;
  readonly accounts: number;
}

export function linesOf(trace: Pick<Trace, "entries" | "counterparts">): readonly Line[] {
  const own = trace.entries.map(({ account, currency, amount_micros: micros }) => {
    return { account, currency, micros, own: true, accounts: 1 };
  });
  const others = trace.counterparts.map(({ account, currency, amount_micros: micros, accounts }) => {
    return { account, currency, micros, own: false, accounts };
  });
  return [...own, ...others];
}

/** What the lines come to in each currency: zero, in a sound ledger. */
export function sumsOf(lines: readonly Line[]): readonly { readonly currency: string; readonly micros: number }[] {
  const sums = new Map<string, number>();
  for (const line of lines) sums.set(line.currency, (sums.get(line.currency) ?? 0) + line.micros);
  return [...sums].map(([currency, micros]) => ({ currency, micros }));
}
