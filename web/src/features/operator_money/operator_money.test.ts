import { describe, expect, it } from "vitest";
import type { CurrencyMoney } from "../../api";
import { sheetOf } from "./sheet";
import { needsOperator, whyOf } from "./why";

const NOTHING: CurrencyMoney = {
  currency: "eur",
  came_in_micros: 0,
  refunded_micros: 0,
  disputed_micros: 0,
  paid_out_micros: 0,
  wallets_micros: 0,
  held_micros: 0,
  earnings_micros: 0,
  pools_micros: 0,
  debts_micros: 0,
  in_flight_micros: 0,
  fees_micros: 0,
  costs_micros: 0,
  outside_micros: 0,
  at_rails_micros: {},
  position_micros: 0,
  position_value_micros: null,
  rate_day: null,
  rounding_micros: 0,
};

describe("a sheet", () => {
  it("has what every rail holds beside the other places, and equal sides", () => {
    const sheet = sheetOf({
      ...NOTHING,
      at_rails_micros: { stripe: 70, other: 5 },
      outside_micros: -20,
      costs_micros: 2,
      debts_micros: 8,
      wallets_micros: 60,
      fees_micros: 15,
      position_micros: -10,
    });
    expect(sheet.rails).toEqual([
      { rail: "stripe", micros: 70 },
      { rail: "other", micros: 5 },
    ]);
    expect(sheet.places.map(({ kind, micros }) => [kind, micros])).toEqual([
      ["outside", -20],
      ["costs", 2],
      ["debts", 8],
    ]);
    expect(sheet.owners.map(({ kind, micros }) => [kind, micros])).toEqual([
      ["wallets", 60],
      ["fees", 15],
      ["position", -10],
    ]);
    expect([sheet.placesMicros, sheet.ownersMicros]).toEqual([65, 65]);
  });

  it("shows a missing micro-unit", () => {
    const { placesMicros, ownersMicros } = sheetOf({ ...NOTHING, outside_micros: 10, wallets_micros: 11 });
    expect(ownersMicros - placesMicros).toBe(1);
  });
});

describe("why a payout waits", () => {
  it.each([
    ["requested", "", "turn", false],
    ["requested", "rail_short", "rail_short", true],
    ["reserved", "rail_unclear", "unclear", false],
    ["reserved", "awaits_operator", "by_hand", true],
    ["paid", "account_closed", "bounced", false],
    ["requested", "something_new", undefined, true],
  ])("%s, %j: %s", (state, reason, why, operator) => {
    const found = whyOf({ state, reason });
    expect([found, needsOperator(found)]).toEqual([why, operator]);
  });
});
