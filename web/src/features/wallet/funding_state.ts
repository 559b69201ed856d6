import type { Funding, FundingDetail } from "../../api";
import type { Tone } from "../../components/badge";

export type FundingWord = Funding["state"] | "openManual" | "disputed" | "refunded";

/** The one word for a funding: what its payer has to know first. */
export function wordOf(funding: Funding): FundingWord {
  if (funding.state === "open") return funding.rail === "manual" ? "openManual" : "open";
  if (funding.state !== "paid") return funding.state;
  if (funding.disputed_micros > 0) return "disputed";
  return funding.refunded_micros >= funding.amount_micros ? "refunded" : "paid";
}

export const TONES: Record<FundingWord, Tone> = {
  open: "warn",
  openManual: "warn",
  processing: "warn",
  paid: "good",
  expired: "neutral",
  failed: "bad",
  disputed: "bad",
  refunded: "neutral",
};

/** Whether the coordinator still waits for the payer or the rail. */
export function isUnderway(funding: Funding): boolean {
  return funding.state === "open" || funding.state === "processing";
}

/** Whether it, or anything on its way back, moves soon. */
export function isMoving(funding: FundingDetail): boolean {
  return isUnderway(funding) || funding.refunds.some(({ state }) => state === "requested" || state === "sent");
}

/** What of a card payment may go back: what is left of it, and still in the wallet. */
export function refundable(funding: Funding, walletMicros: number): number {
  if (funding.rail !== "stripe" || funding.state !== "paid") return 0;
  const left = funding.amount_micros - funding.refunded_micros - funding.disputed_micros;
  return Math.max(0, Math.min(left, walletMicros));
}
