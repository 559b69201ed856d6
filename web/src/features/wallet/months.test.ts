import { expect, it } from "vitest";
import { lastMonths } from "./months";

it("counts months back across a year", () => {
  expect(lastMonths(Date.parse("2026-02-28T23:59:59Z"), 4)).toEqual(["2026-02", "2026-01", "2025-12", "2025-11"]);
});
