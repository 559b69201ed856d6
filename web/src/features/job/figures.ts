import type { Format } from "../../app/format";

const LEAST = 0.001;
const LEAST_CHANCE = 0.000001;

/** A number that is often far below one: `< 0.001` says more than zero. */
export function small(format: Format, value: number): string {
  if (value > 0 && value < LEAST) return `< ${format.number(LEAST, 3)}`;
  return format.number(value, value < 0.1 ? 3 : value < 10 ? 2 : 0);
}

/** A chance that may be tiny; below one in a million its digits say nothing. */
export function chance(format: Format, share: number): string {
  if (share > 0 && share < LEAST_CHANCE) return `< ${format.percent(LEAST_CHANCE, 4)}`;
  return format.percent(share, share < 0.01 ? 4 : 2);
}
