import { describe, expect, it } from "vitest";
import { amountText, estimate, parseAmount, parsePower } from "./estimate";
import { parseMeasured } from "./measurement";
import { hoursADay, PRESETS, presetOf, presetRules } from "./presets";

describe("presets", () => {
  it.each([1, 2, 3, 8, 64])("of a device with %i cores give at least one and never more than it has", (cores) => {
    for (const preset of PRESETS) {
      const rules = presetRules(preset, cores, [22, 6]);
      expect(rules.cores).toBeGreaterThanOrEqual(1);
      expect(rules.cores).toBeLessThanOrEqual(cores);
      expect(rules.hours).toEqual([22, 6]);
      expect(presetOf(rules, cores)).toBe(preset);
    }
  });

  it("are left by the owner's own choice, but not by the hours", () => {
    const rules = presetRules("balanced", 8, [0, 0]);
    expect(presetOf({ ...rules, hours: [8, 20] }, 8)).toBe("balanced");
    expect(presetOf({ ...rules, cores: 3 }, 8)).toBeUndefined();
    expect(presetOf({ ...rules, leastCharge: 0.6 }, 8)).toBeUndefined();
  });

  it("count the hours of a day, over midnight too", () => {
    expect([hoursADay([0, 0]), hoursADay([8, 20]), hoursADay([22, 6])]).toEqual([24, 12, 8]);
  });
});

describe("what a device would earn", () => {
  it("is the price for its cores and hours, without the electricity", () => {
    expect(estimate(1_500, 4, 10, { watts: 50, microsPerKwh: 300_000 })).toEqual({
      earnedMicros: 60_000,
      electricityMicros: 150_000,
      leftMicros: -90_000,
    });
  });

  it("takes numbers as people write them", () => {
    expect(["0,32", " 30 ", "", "0.5"].map(parseAmount)).toEqual([0.32, 30, 0, 0.5]);
    expect(["-1", "1e3", "1.000,5", "x"].map(parseAmount)).toEqual([undefined, undefined, undefined, undefined]);
    expect([amountText(0.32, "de"), amountText(0, "de"), amountText(1_200.5, "en")]).toEqual(["0,32", "", "1200.5"]);
  });

  it("forgets what it cannot read", () => {
    const none = { watts: 0, microsPerKwh: 0 };
    expect([null, "{", '{"watts":-5,"microsPerKwh":1}', '{"watts":"5"}'].map(parsePower)).toEqual([
      none,
      none,
      none,
      none,
    ]);
    expect([null, "[]", '{"speed":1,"cores":0,"at":5}'].map(parseMeasured)).toEqual([undefined, undefined, undefined]);
    expect(parseMeasured('{"speed":1,"cores":2,"at":5}')).toEqual({ speed: 1, cores: 2, at: 5 });
  });
});
