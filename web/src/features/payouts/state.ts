import type { PayoutAccount, PayoutView } from "../../api";
import type { Tone } from "../../components/badge";

export const STATES = ["requested", "reserved", "transferred", "paid", "failed", "returned"] as const;
export type PayoutState = (typeof STATES)[number];
const ENDED: readonly string[] = ["paid", "failed", "returned"];

const TONES: Record<PayoutState, Tone> = {
  requested: "warn",
  reserved: "warn",
  transferred: "warn",
  paid: "good",
  failed: "bad",
  returned: "bad",
};

/** The tone of a state; of one that this page does not know yet as well. */
export function toneOf(state: string): Tone {
  return TONES[state as PayoutState] ?? "neutral";
}

/** Whether the money is neither with the bank nor in the earnings. */
export function isUnderway(payout: Pick<PayoutView, "state">): boolean {
  return !ENDED.includes(payout.state);
}

export function accountTone(status: string): Tone {
  if (status === "active") return "good";
  return status === "restricted" ? "bad" : status === "pending" ? "warn" : "neutral";
}

/** Those that are still used, the ones that can be paid to first. */
export function openAccounts(accounts: readonly PayoutAccount[]): readonly PayoutAccount[] {
  const open = accounts.filter((account) => account.status !== "closed");
  return open.sort((a, b) => Number(b.status === "active") - Number(a.status === "active"));
}

const OWNERS_TURN = ":provide_info";

/**
 * What a rail wants beside what its own pages ask the owner for, from its codes (code:resolution) into words:
 * `rejected_fraud:contact_stripe` → `rejected fraud`.
 */
export function wantWords(codes: readonly string[]): readonly string[] {
  const told = codes.filter((code) => !code.endsWith(OWNERS_TURN)).map((code) => code.split(":")[0] ?? "");
  return told.map((code) => code.replaceAll("_", " "));
}
