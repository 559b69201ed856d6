import { describe, expect, it } from "vitest";
import { formatIn } from "./format";

const en = formatIn("en");
const de = formatIn("de");
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("money", () => {
  it("keeps the digits that matter of a small amount", () => {
    expect(en.money(100)).toBe("$0.0001");
    expect(en.money(1)).toBe("$0.000001");
    expect(en.money(12_345)).toBe("$0.0123");
  });
  it("is rounded to cents from one unit on", () => expect(en.money(1_234_567_890)).toBe("$1,234.57"));
  it("is written as the language does", () => expect(plain(de.money(-1_500_000))).toBe("-1,50 $"));
  it("has the decimals of its currency", () => {
    expect(en.money(1_234_000_000, "jpy")).toBe("¥1,234");
    expect(plain(en.money(1_234_500, "kwd"))).toBe("KWD 1.235");
    expect(en.money(420, "jpy")).toBe("¥0.00042");
  });
  it("keeps every digit where figures must add up", () => {
    expect(en.exactly(1_234_567)).toBe("$1.234567");
    expect(en.exactly(2_000_000, "jpy")).toBe("¥2");
  });
  it("has two digits when there is none", () => expect(en.money(0)).toBe("$0.00"));
});

it("sizes use the largest unit that fits", () => {
  expect(en.bytes(0)).toBe("0 byte");
  expect(en.bytes(999)).toBe("999 byte");
  expect(en.bytes(31_457_280)).toBe("31.5 MB");
});

it("durations name two units at most", () => {
  expect(en.duration(0.42)).toBe("0.4s");
  expect(en.duration(184)).toBe("3m 4s");
  expect(en.duration(7_500)).toBe("2h 5m");
  expect(en.duration(86_400)).toBe("1d");
});

it("the past is told in the unit that fits", () => {
  expect(en.ago(0, 150_001)).toBe("3 minutes ago");
  expect(de.ago(0, 86_400_000)).toBe("gestern");
  expect(en.ago(1_000, 1_000)).toBe("now");
});
