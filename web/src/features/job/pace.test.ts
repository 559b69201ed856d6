import { describe, expect, it } from "vitest";
import { isResting, leftSeconds, paceOf, type Sample, withSample } from "./pace";

const seen = (...samples: [number, number][]): readonly Sample[] =>
  samples.reduce<readonly Sample[]>((all, [at, ended]) => withSample(all, { at, ended }), []);

describe("the pace of a job", () => {
  it("is what ended between the first and the last look", () => {
    expect(paceOf(seen([0, 100], [2_000, 300], [10_000, 1_100]))).toBe(100);
  });

  it("is not told from a moment, nor while nothing ends", () => {
    expect(paceOf(seen([0, 0], [2_000, 50]))).toBeUndefined();
    expect(paceOf(seen([0, 7], [20_000, 7]))).toBeUndefined();
    expect(paceOf(seen([0, 0], [20_000, 4]))).toBeUndefined();
  });

  it("forgets what is older than a minute", () => {
    expect(paceOf(seen([0, 0], [90_000, 1_000], [100_000, 1_010]))).toBe(1);
  });

  it("rests when nothing ends for a minute", () => {
    expect(isResting(seen([0, 7], [20_000, 7]))).toBe(false);
    expect(isResting(seen([0, 7], [55_000, 7]))).toBe(true);
    expect(isResting(seen([0, 7], [55_000, 8]))).toBe(false);
  });

  it("says how long the rest takes", () => {
    expect(leftSeconds(600, 10)).toBe(60);
    expect(leftSeconds(600, undefined)).toBeUndefined();
  });
});
