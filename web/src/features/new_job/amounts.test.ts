import { expect, it } from "vitest";
import { amountOf, microsOf, numberOf } from "./amounts";

it.each([
  ["0.001", 1_000],
  [" 12,50 ", 12_500_000],
  ["3", 3_000_000],
  ["0.0000001", undefined],
  ["-1", undefined],
  ["1e3", undefined],
  ["1,000.00", undefined],
  ["", undefined],
])("%j is %s millionths", (text, micros) => {
  expect(microsOf(text)).toBe(micros);
});

it("amounts come back as they were", () => {
  for (const micros of [1, 1_000, 225_000, 12_500_000, 999_999_999_000_001])
    expect(microsOf(amountOf(micros))).toBe(micros);
  expect(amountOf(12_500_000, true)).toBe("12,50");
});

it("a number may be left out, be wrong, or fit", () => {
  expect([numberOf(" ", 0, 1), numberOf("2", 0, 1), numberOf("x", 0, 1), numberOf("0,5", 0, 1)]).toEqual([
    undefined,
    Number.NaN,
    Number.NaN,
    0.5,
  ]);
});
