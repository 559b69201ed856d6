import { expect, it } from "vitest";
import { sheetsOf } from "./sheet";

const total = (kind: string, balance_micros: number, currency = "usd") => ({
  kind,
  currency,
  accounts: 1,
  balance_micros,
});

it("what the ledger keeps as negative is where the money is; both sides are equal", () => {
  const [sheet] = sheetsOf([
    total("wallet", 60),
    total("fees", 15),
    total("clearing", -70),
    total("costs", -2),
    total("debt", -8),
    total("rounding", 5),
  ]);
  expect(sheet?.places.map(({ kind, micros }) => [kind, micros])).toEqual([
    ["clearing", 70],
    ["costs", 2],
    ["debt", 8],
    ["rounding", -5],
  ]);
  expect(sheet?.owners.map(({ kind, micros }) => [kind, micros])).toEqual([
    ["wallet", 60],
    ["fees", 15],
  ]);
  expect([sheet?.placesMicros, sheet?.ownersMicros]).toEqual([75, 75]);
});

it("a missing micro-unit shows, and a kind from a newer coordinator is counted", () => {
  const [sheet] = sheetsOf([total("wallet", 10), total("surprise", 4), total("world", -13)]);
  expect(sheet?.owners.map(({ kind }) => kind)).toEqual(["wallet", "surprise"]);
  expect((sheet?.ownersMicros ?? 0) - (sheet?.placesMicros ?? 0)).toBe(1);
});

it("currencies never mix", () => {
  const sheets = sheetsOf([
    total("wallet", 1),
    total("wallet", 2, "eur"),
    total("world", -1),
    total("world", -2, "eur"),
  ]);
  expect(sheets.map(({ currency, ownersMicros }) => [currency, ownersMicros])).toEqual([
    ["eur", 2],
    ["usd", 1],
  ]);
});
