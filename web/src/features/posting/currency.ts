import type { Trace } from "../../api";

/** The one currency that a settlement is in. */
export function currencyOf(trace: Trace): string {
  return trace.entries[0]?.currency ?? "usd";
}
