import { expect, it } from "vitest";
import type { Funding } from "../../api";
import { isUnderway, refundable, wordOf } from "./funding_state";

const funding: Funding = {
  id: "5b0a8d3e-0000-4000-8000-000000000000",
  rail: "stripe",
  currency: "usd",
  amount_micros: 20_000_000,
  state: "paid",
  refunded_micros: 0,
  disputed_micros: 0,
  created_at: "2026-11-26T00:00:00Z",
  expires_at: null,
  ended_at: null,
  url: null,
  reference: null,
  bank: null,
};

it("has one word for each funding", () => {
  expect(wordOf(funding)).toBe("paid");
  expect(wordOf({ ...funding, state: "open" })).toBe("open");
  expect(wordOf({ ...funding, state: "open", rail: "manual" })).toBe("openManual");
  expect(wordOf({ ...funding, refunded_micros: 5_000_000 })).toBe("paid");
  expect(wordOf({ ...funding, refunded_micros: 20_000_000 })).toBe("refunded");
  expect(wordOf({ ...funding, disputed_micros: 1 })).toBe("disputed");
  expect(isUnderway({ ...funding, state: "processing" })).toBe(true);
  expect(isUnderway(funding)).toBe(false);
});

it("gives back what is left of it and in the wallet", () => {
  expect(refundable(funding, 50_000_000)).toBe(20_000_000);
  expect(refundable(funding, 7_000_000)).toBe(7_000_000);
  expect(refundable({ ...funding, refunded_micros: 15_000_000, disputed_micros: 1_000_000 }, 50_000_000)).toBe(
    4_000_000,
  );
  expect(refundable(funding, -1)).toBe(0);
  expect(refundable({ ...funding, rail: "manual" }, 50_000_000)).toBe(0);
  expect(refundable({ ...funding, state: "processing" }, 50_000_000)).toBe(0);
});
