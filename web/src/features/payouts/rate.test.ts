import { expect, it } from "vitest";
import { perUnit } from "./rate";

it("writes a rate with all its digits", () => {
  expect(perUnit(1_084_500_000)).toBe("1.0845");
  expect(perUnit(6_123)).toBe("0.000006123");
  expect(perUnit(162_000_000_000)).toBe("162");
});
