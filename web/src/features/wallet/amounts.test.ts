import { describe, expect, it } from "vitest";
import { coinOf, readAmount, wholeCoins, writeAmount } from "./amounts";

const usd = { least: 1_000_000, most: 5_000_000_000, step: 10_000 };

describe("an amount that somebody typed", () => {
  it("is millionths, with point or comma", () => {
    expect(readAmount("20", usd)).toBe(20_000_000);
    expect(readAmount(" 20,5 ", usd)).toBe(20_500_000);
    expect(readAmount("4999.99", usd)).toBe(4_999_990_000);
  });
  it("says what is wrong with it", () => {
    for (const text of ["", "-1", "1e3", "1,000.00", "0x10", "1.2345678", "٣"])
      expect(readAmount(text, usd)).toBe("none");
    expect(readAmount("1.001", usd)).toBe("step");
    expect(readAmount("0.99", usd)).toBe("least");
    expect(readAmount("5000.01", usd)).toBe("most");
    expect(readAmount("999999999999", usd)).toBe("most");
  });
  it("has no fractions of a yen, and fils in tens where they only come in tens", () => {
    expect(readAmount("100.5", { least: 1, most: 1e12, step: coinOf("jpy") })).toBe("step");
    expect(readAmount("1.005", { least: 1, most: 1e12, step: 10 * coinOf("kwd") })).toBe("step");
    expect(readAmount("1.010", { least: 1, most: 1e12, step: 10 * coinOf("kwd") })).toBe(1_010_000);
  });
});

describe("an amount for an input", () => {
  it("has the decimals of its currency", () => {
    expect(writeAmount(20_500_000, "usd")).toBe("20.50");
    expect(writeAmount(20_500_000, "eur", true)).toBe("20,50");
    expect(writeAmount(2_000_000_000, "jpy")).toBe("2000");
    expect(writeAmount(1_005_000, "kwd")).toBe("1.005");
    expect(writeAmount(420, "usd")).toBe("0.00042");
  });
  it("reads back as it was", () => {
    for (const micros of [1, 420, 9_999, 10_000, 123_456_789]) {
      expect(readAmount(writeAmount(micros, "usd", true), { least: 1, most: 1e12, step: 1 })).toBe(micros);
    }
  });
});

it("only whole coins leave", () => {
  expect(wholeCoins(12_345_678, coinOf("usd"))).toBe(12_340_000);
  expect(wholeCoins(-5, coinOf("usd"))).toBe(0);
});
