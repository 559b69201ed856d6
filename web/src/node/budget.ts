// How many cores a device may give now, and why not more: what is known in, a verdict out. Pure; the owner always reads
// the reason. It must never flap: a pause for something that comes and goes lasts until the thing has stayed away for a
// while, and a battery that hovers around its limit does not switch work on and off.

export type Reason =
  | "draining"
  | "expelled"
  | "owner_paused"
  | "elsewhere"
  | "failing"
  | "out_of_hours"
  | "low_battery"
  | "on_battery"
  | "user_present";

/** What the owner allows. */
export interface Rules {
  /** Cores while nobody uses the device. */
  readonly cores: number;
  /** Cores while somebody does; 0 pauses then. */
  readonly coresWhilePresent: number;
  readonly onBattery: "never" | "above" | "always";
  /** 0 to 1: with `above`, work needs so much charge. */
  readonly leastCharge: number;
  /** Local hours in which work is allowed, [from, to); [22, 6] spans midnight, equal ones mean always. */
  readonly hours: readonly [number, number];
}

/** What is known now. Undefined means unknown, and unknown never pauses a device. */
export interface Conditions {
  readonly status: string;
  readonly draining: boolean;
  readonly failing: boolean;
  /** Another tab of this device does the work. */
  readonly elsewhere: boolean;
  readonly onBattery: boolean | undefined;
  readonly charge: number | undefined;
  readonly userIdleS: number | undefined;
  readonly hour: number;
}

export interface Verdict {
  readonly cores: number;
  /** Why nothing is done; undefined while something is. */
  readonly reason: Reason | undefined;
  /** When the cause was last seen, seconds. */
  readonly seenAt: number;
}

/** Input this recent means that somebody is there. */
export const PRESENT_S = 120;
/** Charge above the limit that a paused device needs before it goes on. */
export const CHARGE_MARGIN = 0.05;
/** How long the cause must have stayed away. (Presence is slow by itself: it takes PRESENT_S to end.) */
const HOLD_S: Partial<Record<Reason, number>> = { on_battery: 30, low_battery: 30 };

export const START: Verdict = { cores: 0, reason: undefined, seenAt: Number.NEGATIVE_INFINITY };

/** The next verdict. Causes that somebody decided count at once, both ways; the others with hysteresis. */
export function judge(before: Verdict, now: number, rules: Rules, known: Conditions): Verdict {
  const reason = decided(rules, known) ?? sensed(before.reason, rules, known);
  if (reason !== undefined) return { cores: 0, reason, seenAt: now };
  const holdS = before.reason === undefined ? 0 : (HOLD_S[before.reason] ?? 0);
  if (now - before.seenAt < holdS) return before;
  return { cores: allowed(rules, known), reason: undefined, seenAt: before.seenAt };
}

function decided(rules: Rules, known: Conditions): Reason | undefined {
  if (known.draining) return "draining";
  if (known.status === "expelled") return "expelled";
  if (known.status !== "active") return "owner_paused";
  if (known.elsewhere) return "elsewhere";
  if (known.failing) return "failing";
  return isOpen(rules.hours, known.hour) ? undefined : "out_of_hours";
}

function sensed(before: Reason | undefined, rules: Rules, known: Conditions): Reason | undefined {
  if (known.onBattery === true) {
    if (rules.onBattery === "never") return "on_battery";
    const least = rules.leastCharge + (before === "low_battery" ? CHARGE_MARGIN : 0);
    if (rules.onBattery === "above" && known.charge !== undefined && known.charge < least) return "low_battery";
  }
  return allowed(rules, known) === 0 ? "user_present" : undefined;
}

function allowed(rules: Rules, known: Conditions): number {
  const present = known.userIdleS !== undefined && known.userIdleS < PRESENT_S;
  return present ? Math.min(rules.cores, rules.coresWhilePresent) : rules.cores;
}

function isOpen([from, to]: readonly [number, number], hour: number): boolean {
  if (from === to) return true;
  return from < to ? from <= hour && hour < to : hour >= from || hour < to;
}
