import { describe, expect, it } from "vitest";
import type { Node } from "../../api";
import { ordered, reasonOf, stateOf, totalsOf } from "./state";

const WORKER: Node = {
  id: "0f2da514-0726-4c8c-9a5b-1dc4b9ff26b3",
  name: "attic",
  status: "active",
  cores: 4,
  memory_bytes: 4e9,
  runtimes: ["pyodide-314.0.7-1e775634", "wasm-1"],
  speed: 800,
  platform: "linux-x86_64",
  gpu: "",
  country: "DE",
  floor_micros_per_h: 0,
  network: "",
  referee: "",
  kind: "native",
  votes_paid: 10,
  votes_rejected: 1,
  agreement: 10 / 11,
  expelled: [],
  earned_micros: 5_000,
  earned_24h_micros: 1_000,
  online: true,
  accepting: true,
  reason: "",
  load: 0.5,
  last_seen_at: "2026-11-26T05:03:16Z",
  created_at: "2026-11-26T05:03:16Z",
};

const node = (changed: Partial<Node>): Node => ({ ...WORKER, ...changed });

describe("the state of a node", () => {
  it.each<[string, Partial<Node>, string, string]>([
    ["has tasks", {}, "working", "working"],
    ["has none", { load: 0 }, "ready", "ready"],
    ["says nothing yet", { load: null, accepting: null }, "ready", "ready"],
    ["rests by its own rules", { accepting: false, reason: "on_battery" }, "resting", "on_battery"],
    ["takes nothing and says no reason", { accepting: false, reason: "" }, "resting", "not_accepting"],
    ["is about to leave", { accepting: false, reason: "draining" }, "leaving", "leaving"],
    ["heard of its pause", { status: "paused", accepting: false, reason: "owner_paused" }, "paused", "paused"],
    ["was paused while away", { status: "paused", online: false }, "paused", "paused_offline"],
    ["is away", { online: false, accepting: false, reason: "on_battery" }, "offline", "offline"],
    ["never came", { online: false, last_seen_at: null }, "offline", "never_seen"],
    ["is retired and still connected", { status: "retired" }, "retired", "retired"],
    ["may run nothing any more", { expelled: ["pyodide", "wasm"], online: false }, "expelled", "expelled"],
    ["may still run one of two", { expelled: ["wasm"] }, "working", "working"],
  ])("when it %s", (_, changed, state, reason) => {
    expect(stateOf(node(changed))).toBe(state);
    expect(reasonOf(node(changed))).toBe(reason);
  });
});

describe("the list", () => {
  it("begins with what needs its owner and ends with what is over", () => {
    const nodes = [
      node({ name: "old", status: "retired" }),
      node({ name: "away", online: false }),
      node({ name: "b" }),
      node({ name: "bad", expelled: ["pyodide", "wasm"] }),
      node({ name: "a" }),
    ];
    expect(ordered(nodes).map((one) => one.name)).toEqual(["bad", "a", "b", "away", "old"]);
  });

  it("sums what retired nodes earned, but not their cores", () => {
    const totals = totalsOf([node({}), node({ status: "retired" }), node({ status: "paused", votes_rejected: 0 })]);
    expect(totals).toEqual({
      online: 2,
      kept: 2,
      cores: 4,
      paid: 30,
      rejected: 2,
      earnedMicros: 15_000,
      earnedTodayMicros: 3_000,
    });
  });
});
