/** Where the devices are: what the map and the list beside it show. Nothing here draws. */
export interface Place {
  /** ISO 3166 code, as the owner told it. */
  readonly country: string;
  readonly nodes: number;
  readonly cores: number;
}

export interface Spread {
  /** Most nodes first. */
  readonly places: readonly Place[];
  /** Nodes whose owners did not tell a country. */
  readonly untold: number;
  readonly untoldCores: number;
  readonly most: number;
}

export function spreadOf(found: readonly Place[]): Spread {
  const told = found.filter((place) => place.country !== "" && place.nodes > 0);
  const untold = found.filter((place) => place.country === "");
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    places: told.toSorted((a, b) => b.nodes - a.nodes || b.cores - a.cores || (a.country < b.country ? -1 : 1)),
    untold: sum(untold.map((place) => place.nodes)),
    untoldCores: sum(untold.map((place) => place.cores)),
    most: Math.max(0, ...told.map((place) => place.nodes)),
  };
}

export const LEVELS = 5;

/** How dark a country is, from 1 to LEVELS: by magnitude, so that one large country does not bleach all others. */
export function levelOf(nodes: number, most: number): number {
  if (nodes <= 0) return 0;
  if (most <= 1) return LEVELS;
  return 1 + Math.round(((LEVELS - 1) * Math.log(nodes)) / Math.log(most));
}

const named = new Map<string, Intl.DisplayNames>();

/** A country in the reader's language; its code where the browser knows no name. */
export function countryName(code: string, locale: string): string {
  const names = named.get(locale) ?? new Intl.DisplayNames(locale, { type: "region", fallback: "code" });
  named.set(locale, names);
  return names.of(code) ?? code;
}
