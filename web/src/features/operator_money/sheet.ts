// The ledger's totals as a balance sheet. In the ledger what the platform owes is positive, and all of it sums to zero;
// here both sides are positive: where the money is, and whose it is.

import type { BookTotal } from "../../api";

export const PLACES = ["clearing", "world", "costs", "debt", "fx", "rounding"] as const;
export const OWNERS = ["wallet", "escrow", "earnings", "pool", "pot", "in_flight", "fees"] as const;
export type Kind = (typeof PLACES)[number] | (typeof OWNERS)[number];

export interface Line {
  readonly kind: string;
  readonly accounts: number;
  readonly micros: number;
}

export interface Sheet {
  readonly currency: string;
  readonly places: readonly Line[];
  readonly owners: readonly Line[];
  readonly placesMicros: number;
  readonly ownersMicros: number;
}

const isPlace = (kind: string) => (PLACES as readonly string[]).includes(kind);

/** One sheet for each currency, in the order of their names. */
export function sheetsOf(totals: readonly BookTotal[]): Sheet[] {
  const currencies = [...new Set(totals.map(({ currency }) => currency))].sort();
  return currencies.map((currency) =>
    sheetOf(
      currency,
      totals.filter((total) => total.currency === currency),
    ),
  );
}

/** An account of a kind that this page does not know is still somebody's, so that the sums stay true. */
function sheetOf(currency: string, totals: readonly BookTotal[]): Sheet {
  const line = ({ kind, accounts, balance_micros }: BookTotal): Line => ({
    kind,
    accounts,
    micros: isPlace(kind) ? 0 - balance_micros : balance_micros,
  });
  const order: readonly string[] = [...PLACES, ...OWNERS];
  const lines = totals.map(line).sort((one, other) => place(one) - place(other));
  function place({ kind }: Line): number {
    return order.indexOf(kind) < 0 ? order.length : order.indexOf(kind);
  }
  const places = lines.filter(({ kind }) => isPlace(kind));
  const owners = lines.filter(({ kind }) => !isPlace(kind));
  return { currency, places, owners, placesMicros: sum(places), ownersMicros: sum(owners) };
}

function sum(lines: readonly Line[]): number {
  return lines.reduce((all, { micros }) => all + micros, 0);
}
