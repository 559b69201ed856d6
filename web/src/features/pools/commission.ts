// A commission as people write it, in per cent, and as the coordinator counts it, in hundredths of one.

const MOST_BPS = 5_000;

/** `7`, `7.5`, `7,25 %`: undefined for everything else, and above a half. */
export function bpsOf(text: string): number | undefined {
  const found = /^(\d{1,2})(?:[.,](\d{1,2}))?\s*%?$/.exec(text.trim());
  if (found === null) return undefined;
  const bps = 100 * Number(found[1]) + Number((found[2] ?? "").padEnd(2, "0"));
  return bps <= MOST_BPS ? bps : undefined;
}

/** What an input may hold. */
export function percentOf(bps: number, comma = false): string {
  return String(bps / 100).replace(".", comma ? "," : ".");
}
