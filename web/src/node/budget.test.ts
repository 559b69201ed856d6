import { describe, expect, it } from "vitest";
import { CHARGE_MARGIN, type Conditions, judge, PRESENT_S, type Rules, START, type Verdict } from "./budget";

const RULES: Rules = { cores: 4, coresWhilePresent: 1, onBattery: "above", leastCharge: 0.5, hours: [0, 0] };
const CALM: Conditions = {
  status: "active",
  draining: false,
  failing: false,
  elsewhere: false,
  onBattery: false,
  charge: 1,
  userIdleS: 3_600,
  hour: 12,
};

const now = (known: Partial<Conditions>, rules: Partial<Rules> = {}, before: Verdict = START, at = 0) =>
  judge(before, at, { ...RULES, ...rules }, { ...CALM, ...known });

describe("why nothing is done", () => {
  it.each([
    ["draining", { draining: true }, {}],
    ["expelled", { status: "expelled" }, {}],
    ["owner_paused", { status: "paused" }, {}],
    ["elsewhere", { elsewhere: true }, {}],
    ["failing", { failing: true }, {}],
    ["out_of_hours", { hour: 12 }, { hours: [22, 6] }],
    ["on_battery", { onBattery: true }, { onBattery: "never" }],
    ["low_battery", { onBattery: true, charge: 0.49 }, {}],
    ["user_present", { userIdleS: 1 }, { coresWhilePresent: 0 }],
  ] as const)("%s", (reason, known, rules) => {
    expect(now(known, rules)).toMatchObject({ cores: 0, reason });
  });

  it("unknown is no reason", () => {
    const nothing = { onBattery: undefined, charge: undefined, userIdleS: undefined };
    expect(now(nothing, { onBattery: "never", coresWhilePresent: 0 })).toMatchObject({ cores: 4, reason: undefined });
    expect(now({ onBattery: true, charge: undefined })).toMatchObject({ cores: 4 });
  });
});

it("somebody at the device leaves it fewer cores, never more", () => {
  expect(now({ userIdleS: PRESENT_S - 1 }).cores).toBe(1);
  expect(now({ userIdleS: PRESENT_S }).cores).toBe(4);
  expect(now({ userIdleS: 0 }, { cores: 2, coresWhilePresent: 8 }).cores).toBe(2);
});

it.each([
  [[22, 6], 23, true],
  [[22, 6], 5, true],
  [[22, 6], 6, false],
  [[8, 18], 8, true],
  [[8, 18], 18, false],
] as const)("hours %j at %d", (hours, hour, open) => {
  expect(now({ hour }, { hours }).reason === undefined).toBe(open);
});

describe("no flapping", () => {
  it("a charge around its limit stays on the side where it was", () => {
    const low = now({ onBattery: true, charge: 0.49 });
    const hovering = now({ onBattery: true, charge: 0.5 + CHARGE_MARGIN / 2 }, {}, low, 100);
    expect(hovering.reason).toBe("low_battery");
    expect(now({ onBattery: true, charge: 0.5 + CHARGE_MARGIN }, {}, hovering, 200).reason).toBeUndefined();
    expect(now({ onBattery: true, charge: 0.5 + CHARGE_MARGIN / 2 }).reason).toBeUndefined();
  });

  it("mains power must have been back for a while", () => {
    const paused = now({ onBattery: true }, { onBattery: "never" }, START, 100);
    expect(now({}, { onBattery: "never" }, paused, 129).reason).toBe("on_battery");
    expect(now({}, { onBattery: "never" }, paused, 130).reason).toBeUndefined();
  });

  it("what somebody decided counts at once", () => {
    const paused = now({ status: "paused" }, {}, START, 100);
    expect(now({}, {}, paused, 100.1).reason).toBeUndefined();
  });
});
