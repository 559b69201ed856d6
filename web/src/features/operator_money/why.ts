import type { PayoutView } from "../../api";

/** What is told of a payout that waits. The coordinator's reasons are in src/we1web/coordinator/payout_rails/. */
export const WHYS = ["rail_short", "rail_refused", "unclear", "bounced", "by_hand", "turn"] as const;
export type Why = (typeof WHYS)[number];

/** Undefined: a reason that this page has no words for. */
export function whyOf({ rail, state, reason }: Pick<PayoutView, "rail" | "state" | "reason">): Why | undefined {
  if (state === "transferred" || state === "paid") return "bounced";
  if (reason === "") return rail === "manual" ? "by_hand" : "turn";
  if (reason === "rail_unclear") return "unclear";
  return reason === "rail_short" || reason === "rail_refused" ? reason : undefined;
}

/** Whether somebody has to do something; the others go on by themselves. */
export function needsOperator(why: Why | undefined): boolean {
  return why === undefined || why === "rail_short" || why === "rail_refused" || why === "by_hand";
}
