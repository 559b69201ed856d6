// One currency of the report as a balance sheet: where the money is, and whose it is. Both sides are equal, or a posting
// is wrong. The report tells every figure with the sign that it has here.

import type { CurrencyMoney } from "../../api";

export const PLACES = ["outside", "costs", "debts"] as const;
export const OWNERS = ["wallets", "held", "earnings", "pools", "in_flight", "fees", "position", "rounding"] as const;
export type Place = (typeof PLACES)[number];
export type Owner = (typeof OWNERS)[number];

export interface Sheet {
  readonly rails: readonly { readonly rail: string; readonly micros: number }[];
  readonly places: readonly { readonly kind: Place; readonly micros: number }[];
  readonly owners: readonly { readonly kind: Owner; readonly micros: number }[];
  readonly placesMicros: number;
  readonly ownersMicros: number;
}

/** What is nothing is left out. */
export function sheetOf(money: CurrencyMoney): Sheet {
  const rails = Object.entries(money.at_rails_micros).map(([rail, micros]) => ({ rail, micros }));
  const places = PLACES.map((kind) => ({ kind, micros: money[`${kind}_micros`] }));
  const owners = OWNERS.map((kind) => ({ kind, micros: money[`${kind}_micros`] }));
  return {
    rails,
    places: places.filter(({ micros }) => micros !== 0),
    owners: owners.filter(({ micros }) => micros !== 0),
    placesMicros: sum(rails) + sum(places),
    ownersMicros: sum(owners),
  };
}

function sum(lines: readonly { readonly micros: number }[]): number {
  return lines.reduce((all, { micros }) => all + micros, 0);
}
