// What a device remembers of its node, per account: its id, its owner's rules, and whether it was started. What cannot be
// read counts as never said.

import type { Rules } from "./budget";

const PREFIX = "we1web.node";

/** Half of the cores, and fewer while somebody uses the page: a first visitor shall notice nothing. */
export function defaultRules(deviceCores: number): Rules {
  const cores = Math.max(1, Math.floor(deviceCores / 2));
  return {
    cores,
    coresWhilePresent: Math.max(1, Math.floor(cores / 2)),
    onBattery: "above",
    leastCharge: 0.5,
    hours: [0, 0],
  };
}

export class Settings {
  constructor(
    private readonly storage: Storage,
    private readonly account: string,
    private readonly deviceCores = navigator.hardwareConcurrency,
  ) {}

  get node(): string {
    return this.#read("id") ?? "";
  }

  set node(id: string) {
    if (id !== this.node) this.#write("id", id);
  }

  get country(): string {
    return this.#read("country") ?? "";
  }

  set country(code: string) {
    this.#write("country", code);
  }

  get started(): boolean {
    return this.#read("started") === "yes";
  }

  set started(started: boolean) {
    this.#write("started", started ? "yes" : "");
  }

  /** Whether its owner paused it, which outlives the page. */
  get paused(): boolean {
    return this.#read("paused") === "yes";
  }

  set paused(paused: boolean) {
    this.#write("paused", paused ? "yes" : "");
  }

  get rules(): Rules {
    const fallback = defaultRules(this.deviceCores);
    try {
      const kept: unknown = JSON.parse(this.#read("rules") ?? "");
      return isRules(kept) ? { ...kept, cores: Math.min(kept.cores, this.deviceCores) } : fallback;
    } catch {
      return fallback;
    }
  }

  set rules(rules: Rules) {
    this.#write("rules", JSON.stringify(rules));
  }

  #key(name: string): string {
    return `${PREFIX}.${name}.${this.account}`;
  }

  #read(name: string): string | null {
    return this.storage.getItem(this.#key(name));
  }

  /** A browser that refuses to remember makes a forgetful node, not a broken one. */
  #write(name: string, value: string): void {
    try {
      this.storage.setItem(this.#key(name), value);
    } catch {}
  }
}

function isRules(kept: unknown): kept is Rules {
  if (typeof kept !== "object" || kept === null) return false;
  const { cores, coresWhilePresent, onBattery, leastCharge, hours } = kept as Record<keyof Rules, unknown>;
  const numbers = [cores, coresWhilePresent, leastCharge, ...(Array.isArray(hours) ? hours : [])];
  return (
    numbers.length === 5 &&
    numbers.every((each) => typeof each === "number" && Number.isFinite(each) && each >= 0) &&
    (cores as number) >= 1 &&
    ["never", "above", "always"].includes(onBattery as string)
  );
}
