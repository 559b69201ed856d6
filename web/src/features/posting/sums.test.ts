import { expect, it } from "vitest";
import { linesOf, sumsOf } from "./sums";

it("sums one's own entries and others' to zero in each currency", () => {
  const lines = linesOf({
    entries: [
      { account: "earnings", currency: "usd", amount_micros: -1_000_000 },
      { account: "earnings", currency: "eur", amount_micros: 920_000 },
    ],
    counterparts: [
      { account: "fx", currency: "usd", accounts: 1, amount_micros: 1_000_000 },
      { account: "fx", currency: "eur", accounts: 1, amount_micros: -920_001 },
      { account: "rounding", currency: "eur", accounts: 1, amount_micros: 1 },
    ],
  });
  expect(lines.map((line) => line.own)).toEqual([true, true, false, false, false]);
  expect(sumsOf(lines)).toEqual([
    { currency: "usd", micros: 0 },
    { currency: "eur", micros: 0 },
  ]);
});
