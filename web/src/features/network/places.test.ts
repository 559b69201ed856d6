import { expect, test } from "vitest";
import { countryName, LEVELS, levelOf, spreadOf } from "./places";
import { MIDDLES, SHAPES, TINY } from "./world.gen";

test("nodes without a country are counted apart, and the largest country comes first", () => {
  const spread = spreadOf([
    { country: "", nodes: 3, cores: 9 },
    { country: "AT", nodes: 1, cores: 8 },
    { country: "DE", nodes: 4, cores: 4 },
    { country: "FR", nodes: 0, cores: 0 },
    { country: "CH", nodes: 1, cores: 2 },
  ]);
  expect(spread.places.map((place) => place.country)).toEqual(["DE", "AT", "CH"]);
  expect(spread).toMatchObject({ untold: 3, untoldCores: 9, most: 4 });
});

test("nobody anywhere is no error", () => {
  expect(spreadOf([])).toEqual({ places: [], untold: 0, untoldCores: 0, most: 0 });
});

test("one node is the lightest, the most nodes the darkest, and magnitudes lie between", () => {
  expect([0, 1, 10, 100, 1000, 10_000].map((nodes) => levelOf(nodes, 10_000))).toEqual([0, 1, 2, 3, 4, LEVELS]);
  expect(levelOf(1, 1)).toBe(LEVELS);
});

test("every country of the map is somewhere and has a name", () => {
  for (const code of Object.keys(MIDDLES)) expect(countryName(code, "de"), code).not.toBe(code);
  for (const code of [...Object.keys(SHAPES), ...TINY]) expect(MIDDLES[code], code).toHaveLength(2);
});
