// Amounts of a currency as people type them, to millionths and back. Never by way of a float.

import { decimalsOf } from "../../app/format";

const PLACES = 6;

/** What may be asked for; in millionths. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
  /** Amounts are multiples of it. */
  readonly step: number;
}

export type Fault = "none" | "step" | "least" | "most";

/** The smallest coin of a currency: 10,000 millionths for usd, a million for jpy. */
export function coinOf(currency: string): number {
  return 10 ** (PLACES - decimalsOf(currency));
}

/** `20`, `20.50`, `20,50` as millionths, or what is wrong with it. */
export function readAmount(text: string, bounds: Bounds): number | Fault {
  const found = /^(\d{1,12})(?:[.,](\d{1,6}))?$/.exec(text.trim());
  if (found === null) return "none";
  const [, units = "0", fraction = ""] = found;
  const micros = Number(units + fraction.padEnd(PLACES, "0"));
  if (!Number.isSafeInteger(micros)) return "most";
  if (micros % bounds.step !== 0) return "step";
  if (micros < bounds.least) return "least";
  return micros > bounds.most ? "most" : micros;
}

/** What an input may hold: `20.50` for usd, `2000` for jpy, and with `comma` `20,50`. */
export function writeAmount(micros: number, currency: string, comma = false): string {
  const digits = String(micros).padStart(PLACES + 1, "0");
  const least = decimalsOf(currency);
  const fraction = digits.slice(-PLACES).replace(/0+$/, "").padEnd(least, "0");
  return digits.slice(0, -PLACES) + (fraction && (comma ? "," : ".") + fraction);
}

/** The largest amount of whole coins that is not above. */
export function wholeCoins(micros: number, step: number): number {
  return micros > 0 ? micros - (micros % step) : 0;
}
