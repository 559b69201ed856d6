import { expect, it } from "vitest";
import { sourcesOf } from "./sources";

it("exchanges what somebody has, not what jobs hold", () => {
  const none = { wallet_micros: 0, held_micros: 0, earnings_micros: 0, debt_micros: 0 };
  expect(
    sourcesOf([
      { ...none, currency: "eur", held_micros: 9 },
      { ...none, currency: "usd", wallet_micros: 5, earnings_micros: 7, held_micros: 1 },
    ]),
  ).toEqual([
    { account: "wallet", currency: "usd", micros: 5 },
    { account: "earnings", currency: "usd", micros: 7 },
  ]);
});
