// Amounts as people type them, to millionths and back. Never by way of a float.

const MICROS = 1_000_000;

/** `0.001`, `0,001`, `12`: undefined for everything else, such as a seventh decimal place. */
export function microsOf(text: string): number | undefined {
  const found = /^(\d{1,9})(?:[.,](\d{1,6}))?$/.exec(text.trim());
  if (found === null) return undefined;
  const [, units = "0", fraction = ""] = found;
  return Number(units) * MICROS + Number(fraction.padEnd(6, "0"));
}

/** What an input may hold: `0.0005`, `12.50`, and with `comma` `12,50`. */
export function amountOf(micros: number, comma = false): string {
  const units = Math.floor(micros / MICROS);
  const fraction = String(micros % MICROS).padStart(6, "0");
  return `${units}${comma ? "," : "."}${fraction.replace(/0+$/, "").padEnd(2, "0")}`;
}

/** A number that may be left out: undefined then, NaN when it is none or outside. */
export function numberOf(text: string, least: number, most: number): number | undefined {
  const bare = text.trim().replace(",", ".");
  if (bare === "") return undefined;
  const value = Number(bare);
  return value >= least && value <= most ? value : Number.NaN;
}
