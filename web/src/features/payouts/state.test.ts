import { expect, it } from "vitest";
import type { PayoutView } from "../../api";
import { text } from "./messages";
import { isUnderway, STATES, toneOf, underway, wantWords } from "./state";

const payout = (state: string, net_micros: number, currency = "eur") => ({ state, net_micros, currency }) as PayoutView;

it("has words for every state of src/we1web/domain/payout.py", () => {
  for (const state of STATES) {
    expect(text.en).toHaveProperty(`state_${state}`);
    expect(text.en).toHaveProperty(`state_${state}Text`);
  }
  expect(toneOf("a state of next year")).toBe("neutral");
});

it("counts what is on its way in one currency", () => {
  const payouts = [
    payout("requested", 1),
    payout("reserved", 2),
    payout("transferred", 4),
    payout("paid", 8),
    payout("failed", 16),
    payout("returned", 32),
    payout("requested", 64, "usd"),
  ];
  expect(underway(payouts, "eur")).toBe(7);
  expect(isUnderway(payout("transferred", 0))).toBe(true);
  expect(isUnderway(payout("returned", 0))).toBe(false);
});

it("reads the rail's codes out", () => expect(wantWords("individual.id_number")).toBe("individual, id number"));
