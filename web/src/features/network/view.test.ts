import { expect, test } from "vitest";
import type { Network } from "../../api";
import { rateOf, viewOf } from "./view";

const EMPTY: Network = {
  numbers: { nodes_online: 0, nodes_registered: 0 },
  countries: [],
  minutes: [],
  queue_age_s: null,
  agreement: null,
  redundancy: null,
  earned_micros_per_core_hour: null,
};

test("the rate is the mean of five minutes that are over", () => {
  const verified = [900, 10, 20, 30, 40, 50, 3];
  expect(rateOf(verified.map((count, at) => ({ at: 60 * at, verified: count, executions: 0 })))).toBe(30);
  expect(rateOf([])).toBe(0);
});

test("what the coordinator does not know stays unknown", () => {
  expect(viewOf(EMPTY)).toMatchObject({
    nodes: 0,
    rate: 0,
    micros: undefined,
    agreement: undefined,
    redundancy: undefined,
    queueAgeS: undefined,
  });
});

test("nodes that do not say where they are count, but for no country", () => {
  const countries = [
    { country: "DE", nodes: 2, cores: 8 },
    { country: null, nodes: 3, cores: 4 },
  ];
  expect(viewOf({ ...EMPTY, countries })).toMatchObject({ nodes: 5, cores: 12, countries: 1 });
});
