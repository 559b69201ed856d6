import type { Trace } from "../../api";

/** The one currency that a settlement or a pool's pot is in; what went into a pot is no entry of one's own. */
export function currencyOf(trace: Trace): string {
  return trace.entries[0]?.currency ?? trace.counterparts[0]?.currency ?? "usd";
}
