import { defaultRules } from "../../node/settings";
import type { Rules } from "../../node/tab";

export const PRESETS = ["gentle", "balanced", "all"] as const;
export type Preset = (typeof PRESETS)[number];

/** What a preset allows on a device of so many cores. The hours are the owner's and stay. */
export function presetRules(preset: Preset, deviceCores: number, hours: Rules["hours"]): Rules {
  switch (preset) {
    case "gentle":
      return {
        cores: Math.max(1, Math.floor(deviceCores / 4)),
        coresWhilePresent: 1,
        onBattery: "never",
        leastCharge: 0.5,
        hours,
      };
    case "balanced":
      return { ...defaultRules(deviceCores), hours };
    case "all":
      return { cores: deviceCores, coresWhilePresent: deviceCores, onBattery: "always", leastCharge: 0.2, hours };
  }
}

/** The preset that these rules are, if any. */
export function presetOf(rules: Rules, deviceCores: number): Preset | undefined {
  return PRESETS.find((preset) => same(presetRules(preset, deviceCores, rules.hours), rules));
}

function same(one: Rules, other: Rules): boolean {
  const charge = one.onBattery !== "above" || one.leastCharge === other.leastCharge;
  const cores = one.cores === other.cores && one.coresWhilePresent === other.coresWhilePresent;
  return cores && one.onBattery === other.onBattery && charge;
}

/** How many hours a day work is allowed. */
export function hoursADay([from, to]: Rules["hours"]): number {
  return (to - from + 24) % 24 || 24;
}
