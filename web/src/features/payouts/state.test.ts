import { expect, it } from "vitest";
import { text } from "./messages";
import { isUnderway, STATES, toneOf, wantWords } from "./state";

it("has words for every state of src/we1web/domain/payout.py", () => {
  for (const state of STATES) {
    expect(text.en).toHaveProperty(`state_${state}`);
    expect(text.en).toHaveProperty(`state_${state}Text`);
  }
  expect(toneOf("a state of next year")).toBe("neutral");
});

it("is underway until it is with the bank, or in the earnings again", () => {
  const under = STATES.filter((state) => isUnderway({ state }));
  expect(under).toEqual(["requested", "reserved", "transferred"]);
});

it("reads the rail's codes out, but for what its own pages ask", () => {
  expect(wantWords(["rejected_fraud:contact_stripe", "requirements_past_due:provide_info"])).toEqual([
    "rejected fraud",
  ]);
});
