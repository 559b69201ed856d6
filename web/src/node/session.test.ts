import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { base64, vectors } from "../testing/vectors";
import { encode } from "./codec";
import type { Effect } from "./effects";
import type { Assigned, JobInfo, Lease, Register, Welcome } from "./messages.gen";
import { HANDSHAKE_S, NodeSession } from "./session";

interface Step {
  event: string;
  now: number;
  hex: string;
  bundle: number;
  outcomes: string[];
  reason: string;
  effects: unknown[];
}

const OFFER: Register = {
  tag: "node:register",
  node: "",
  name: "attic",
  cores: 4,
  memory_bytes: 8 * 2 ** 30,
  runtimes: ["wasm-1"],
  speed: 5_000.5,
  window: 13,
  platform: "linux-x86_64",
  resume: [],
  gpu: "",
  country: "",
  floor_micros_per_h: 0,
  cached: [],
  referee: "",
};
const WELCOME: Welcome = { tag: "welcome", version: 1, heartbeat_s: 10, software: "" };
const JOB: JobInfo = {
  job: 7,
  runtime: "wasm-1",
  program: new Uint8Array(32),
  entry: "_start",
  limits: { wall_ms: 10_000, memory_bytes: 1, output_bytes: 1, instructions: 0 },
  requester: "",
  name: "",
  purpose: "",
};
const NOTHING: Assigned = { tag: "task:assigned", ack: 0, leases: [], jobs: [], grant: new Uint8Array(), refused: [] };
const ONE = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0);

const lease = (bundle: number): Lease => ({ bundle, job: 7, arguments: [Uint8Array.of(4)], deadline_ms: 5_000 });

function working(): NodeSession {
  const session = new NodeSession("we1_token", OFFER);
  session.connected(0);
  session.received(encode(WELCOME), 0);
  session.received(encode({ tag: "node:registered", node: "n", name: "attic", status: "active", honoured: [] }), 0);
  return session;
}

function assigned(session: NodeSession, more: Partial<Assigned>, now = 1): Effect[] {
  return session.received(encode({ ...NOTHING, ...more }), now);
}

const names = (effects: readonly Effect[]) => effects.map(({ effect }) => effect);

/** An effect as the vectors show it. */
function shown(effect: Effect): unknown {
  if (effect.effect === "Send") return { effect: "Send", hex: bytesToHex(effect.frame) };
  if (effect.effect === "Leased") return { ...effect, lease: fields(effect.lease), job: fields(effect.job) };
  return effect;
}

function fields(value: unknown): unknown {
  if (value instanceof Uint8Array) return base64(value);
  if (Array.isArray(value)) return value.map(fields);
  return typeof value === "object" && value !== null ? Object.values(value).map(fields) : value;
}

function act(session: NodeSession, step: Step): Effect[] {
  switch (step.event) {
    case "connected":
      return session.connected(step.now);
    case "received":
      return session.received(hexToBytes(step.hex), step.now);
    case "finished":
      return session.finished(step.bundle, step.outcomes.map(hexToBytes), step.outcomes.length === 2 ? 900 : 800);
    case "flush":
      return session.flush();
    case "tick":
      return session.tick(step.now);
    case "disconnected":
      return session.disconnected();
    case "drain":
      return session.drain(step.reason);
    default:
      throw new Error(`no event is called ${step.event}`);
  }
}

it("holds the golden conversation, effect by effect", () => {
  const session = new NodeSession("we1_token", OFFER, "we1web/0.1.0");
  for (const step of vectors<Step>("conversation")) {
    expect(act(session, step).map(shown)).toEqual(step.effects);
  }
});

describe("rules that a coordinator must not break", () => {
  it.each([
    ["a message before its time", NOTHING, "out_of_order"],
    ["another version", { ...WELCOME, version: 2 }, "version_unsupported"],
  ] as const)("%s", (_, message, code) => {
    const session = new NodeSession("t", OFFER);
    session.connected(0);
    const effects = session.received(encode(message), 0);
    expect(effects[0]).toMatchObject({ effect: "Problem", code, fatal: true });
    expect(effects[1]).toMatchObject({ effect: "Hangup", close_code: 1008 });
    expect(session.received(encode(WELCOME), 0)).toEqual([]);
  });

  it("acknowledges no more than was sent", () => {
    expect(assigned(working(), { ack: 1 })[0]).toMatchObject({ code: "bad_sequence" });
  });

  it("describes a job before its first lease", () => {
    expect(assigned(working(), { leases: [lease(1)] })[0]).toMatchObject({ code: "unknown_job" });
  });

  it("sends what can be read", () => {
    const effects = working().received(Uint8Array.of(0xc1), 1);
    expect(effects[1]).toMatchObject({ effect: "Hangup", close_code: 1007 });
  });

  it("answers a hello in time", () => {
    const session = new NodeSession("t", OFFER);
    session.connected(0);
    expect(session.tick(HANDSHAKE_S - 0.1)).toEqual([]);
    expect(session.tick(HANDSHAKE_S)[0]).toMatchObject({ code: "handshake_timeout" });
  });
});

describe("leases", () => {
  const leased = { leases: [lease(1), lease(2)], jobs: [JOB], grant: Uint8Array.of(9) };

  it("are given back once, and not when their result is on its way", () => {
    const session = working();
    assigned(session, leased);
    session.finished(1, [ONE], 5);
    expect(names(session.giveBack([1, 2, 3], "runtime_broken"))).toEqual(["Send", "Ended"]);
    expect(session.held).toBe(1);
    expect(session.giveBack([2], "runtime_broken")).toEqual([]);
  });

  it("that come twice are run once", () => {
    const session = working();
    expect(names(assigned(session, leased))).toEqual(["Leased", "Leased"]);
    expect(assigned(session, leased)).toEqual([]);
  });

  it("end at their deadline, but not when their result is sent", () => {
    const session = working();
    assigned(session, leased);
    session.finished(1, [ONE], 5);
    session.flush();
    expect(session.tick(6).filter(({ effect }) => effect === "Ended")).toEqual([
      { effect: "Ended", bundle: 2, end: "expired", code: "" },
    ]);
  });

  it("that the coordinator does not honour are dropped after a reconnect", () => {
    const session = working();
    assigned(session, leased);
    session.disconnected();
    session.connected(2);
    session.received(encode(WELCOME), 2);
    const effects = session.received(
      encode({ tag: "node:registered", node: "n", name: "attic", status: "active", honoured: [2] }),
      2,
    );
    expect(effects.slice(1, 3)).toEqual([
      { effect: "Ended", bundle: 1, end: "dropped", code: "" },
      { effect: "Extended", bundle: 2, deadline: 7 },
    ]);
  });

  it("a result of the wrong shape never leaves", () => {
    const session = working();
    assigned(session, leased);
    expect(() => session.finished(1, [ONE, ONE], 5)).toThrow("2 outcomes for 1 tasks");
    expect(() => session.finished(1, [new Uint8Array(70_000)], 5)).toThrow("above the inline limit");
  });
});

describe("status", () => {
  it("is told at once when the node stops accepting, else with the next heartbeat", () => {
    const session = working();
    const beat = {
      tag: "node:heartbeat",
      running: 0,
      queued: 0,
      load: 0.5,
      accepting: true,
      reason: "",
      rtt_ms: 0,
    } as const;
    expect(session.setStatus(beat, 1)).toEqual([]);
    expect(names(session.setStatus({ ...beat, accepting: false, reason: "on_battery" }, 1))).toEqual(["Send"]);
    expect(session.tick(10.9)).toEqual([]);
    expect(names(session.tick(11))).toEqual(["Send"]);
  });

  it("what the market says of its votes is passed on", () => {
    const judged = {
      tag: "task:completed",
      job: "j",
      indexes: [],
      states: [],
      outcomes: [],
      votes: [],
      paid: 2,
      rejected: 1,
      earned_micros: 900,
      pooled_micros: 0,
    } as const;
    expect(working().received(encode(judged), 1)).toEqual([{ effect: "Judged", completed: judged }]);
  });
});
