import type { PayoutView } from "../../api";

/** What is told of a payout that waits. The coordinator's reasons are in src/we1web/coordinator/payout_rails/. */
export type Why = "rail_short" | "rail_refused" | "unclear" | "bounced" | "by_hand" | "turn";

/** Undefined: a reason that this page has no words for. */
export function whyOf({ state, reason }: Pick<PayoutView, "state" | "reason">): Why | undefined {
  if (state === "transferred" || state === "paid") return "bounced";
  if (reason === "") return "turn";
  if (reason === "rail_unclear") return "unclear";
  if (reason === "awaits_operator") return "by_hand";
  return reason === "rail_short" || reason === "rail_refused" ? reason : undefined;
}

/** Whether somebody has to do something; the others go on by themselves. */
export function needsOperator(why: Why | undefined): boolean {
  return why === undefined || why === "rail_short" || why === "rail_refused" || why === "by_hand";
}
