import { expect, it } from "vitest";
import { balanceIn, currenciesOf } from "./currencies";

const none = { wallet_micros: 0, held_micros: 0, earnings_micros: 0, debt_micros: 0 };

it("offers what is used and what is chosen, once", () => {
  const balances = [
    { ...none, currency: "gbp" },
    { ...none, currency: "jpy", debt_micros: 1 },
    { ...none, currency: "eur", earnings_micros: 5 },
  ];
  expect(currenciesOf(balances, ["usd", "eur"])).toEqual(["eur", "jpy", "usd"]);
  expect(balanceIn(balances, "eur").earnings_micros).toBe(5);
  expect(balanceIn(balances, "kwd")).toEqual({ ...none, currency: "kwd" });
});
