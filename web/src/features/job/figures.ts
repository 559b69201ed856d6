import type { Format } from "../../app/format";

const LEAST = 0.001;

/** A number that is often far below one: `< 0.001` says more than zero. */
export function small(format: Format, value: number): string {
  if (value > 0 && value < LEAST) return `< ${format.number(LEAST, 3)}`;
  return format.number(value, value < 10 ? 3 : 0);
}

/** A chance, one in so many where that is easier to read than a percentage. */
export function chance(format: Format, share: number): string {
  if (share > 0 && share < 0.0001) return `1 : ${format.compact(Math.round(1 / share))}`;
  return format.percent(share, 2);
}
