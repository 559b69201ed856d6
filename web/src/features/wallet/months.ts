/** The months up to the one of `now` (milliseconds since 1970, of UTC), the newest first: `2026-11`. */
export function lastMonths(now: number, count: number): readonly string[] {
  const date = new Date(now);
  const last = date.getUTCFullYear() * 12 + date.getUTCMonth();
  return Array.from({ length: count }, (_, back) => {
    const month = last - back;
    return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
  });
}
