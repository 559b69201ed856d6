import { expect, it } from "vitest";
import { sourcesOf } from "./sources";

const none = { wallet_micros: 0, held_micros: 0, earnings_micros: 0, debt_micros: 0 };
const pair = (source_currency: string, target_currency: string) => ({ source_currency, target_currency });

it("exchanges what somebody has, not what jobs hold", () => {
  const balances = [
    { ...none, currency: "eur", held_micros: 9 },
    { ...none, currency: "usd", wallet_micros: 5, earnings_micros: 7, held_micros: 1 },
  ];
  expect(sourcesOf(balances, ["eur", "usd"], [pair("eur", "usd"), pair("usd", "eur"), pair("usd", "gbp")])).toEqual([
    { account: "wallet", currency: "usd", micros: 5, targets: ["eur"] },
    { account: "earnings", currency: "usd", micros: 7, targets: ["eur"] },
  ]);
});

it("exchanges nothing that there is no rate for", () => {
  const balances = [{ ...none, currency: "usd", wallet_micros: 5 }];
  expect(sourcesOf(balances, ["eur", "usd"], [])).toEqual([]);
  expect(sourcesOf(balances, ["eur", "usd"], [pair("eur", "usd"), pair("usd", "gbp")])).toEqual([]);
});
