import { expect, it } from "vitest";
import { ACCOUNTS } from "./account";
import { events } from "./events";

/** Which transactions of src/we1web/domain/{recipes,transfers}.py post to which of a person's accounts. */
const POSTED = {
  wallet: [
    "fund",
    "hold",
    "refund",
    "funding_refund",
    "funding_refund_failed",
    "chargeback",
    "chargeback_won",
    "exchange",
  ],
  held: ["hold", "settle", "refund"],
  earnings: [
    "settle",
    "compensate",
    "distribute",
    "withdraw",
    "exchange",
    "payout",
    "payout_failed",
    "payout_returned",
  ],
};

it("has words for every movement of every account", () => {
  const keys = ACCOUNTS.flatMap((account) => POSTED[account].map((kind) => `${account}_${kind}`));
  expect(Object.keys(events.en).sort()).toEqual([...keys, "other"].sort());
});
