import { describe, expect, it } from "vitest";
import type { Job } from "../../api";
import { heldMicros, lookOf, openTasks, redundancyOf } from "./job";

const job = (more: Partial<Job>) =>
  ({ state: "running", total: 100, verified: 40, failed: 2, budget_micros: 900, spent_micros: 300, ...more }) as Job;

describe("a job", () => {
  it("holds what it has not spent, until it ends", () => {
    expect(heldMicros(job({}))).toBe(600);
    expect(heldMicros(job({ state: "cancelled" }))).toBe(0);
  });

  it("has open tasks as long as it lives", () => {
    expect(openTasks(job({}))).toBe(58);
    expect(openTasks(job({ state: "cancelled" }))).toBe(0);
  });

  it("tells its redundancy once enough has ended", () => {
    expect(redundancyOf(job({ redundancy: 3.2 }))).toBe(3.2);
    expect(redundancyOf(job({ redundancy: 1_041.5, verified: 4, failed: 0 }))).toBeUndefined();
    expect(redundancyOf(job({ redundancy: 3, verified: 4, failed: 0, state: "done" }))).toBe(3);
  });

  it("waits when it gives a reason, and runs when it does not", () => {
    expect(lookOf(job({ waiting: "no node online" })).word).toBe("waiting");
    expect(lookOf(job({ waiting: "" }))).toEqual({ word: "running", tone: "good", live: true });
    expect(lookOf(job({ state: "open", waiting: "" })).word).toBe("taking");
  });
});
