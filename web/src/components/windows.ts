/** The pages (of `size` rows) that hold the rows from `first` to `last`. */
export function pagesOf(first: number | undefined, last: number | undefined, size: number): number[] {
  if (first === undefined || last === undefined) return [];
  const from = Math.floor(first / size);
  return Array.from({ length: Math.floor(last / size) - from + 1 }, (_, place) => from + place);
}
