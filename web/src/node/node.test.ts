import { beforeEach, describe, expect, it } from "vitest";
import { decodeClient, encode } from "./codec";
import type { Effect } from "./effects";
import { type ClientMessage, INLINE_BYTES, type Lease, type Register } from "./messages.gen";
import { Node, type Ran } from "./node";
import { reference, value } from "./outcome";
import { type Runtime, RuntimeBroken, type Work } from "./runtime";
import { NodeSession } from "./session";

const RUNTIME = "wasm-1";
// biome-ignore format: a table
const OFFER = {
  tag: "node:register", node: "", name: "n", cores: 1, memory_bytes: 1, runtimes: [RUNTIME], speed: 1, window: 8,
  platform: "", resume: [], gpu: "", country: "", floor_micros_per_h: 0, cached: [], referee: "",
} satisfies Register;
const LIMITS = { wall_ms: 1_000, memory_bytes: 1, output_bytes: 1, instructions: 0 };

/** A runtime whose runs end when the test says so. */
class SlowRuntime implements Runtime {
  readonly id = RUNTIME;
  readonly works: Work[] = [];
  readonly #ends: { resolve(outcomes: Uint8Array[]): void; reject(error: Error): void }[] = [];

  async start(): Promise<void> {}

  close(): void {}

  run(work: Work): Promise<Uint8Array[]> {
    this.works.push(work);
    return new Promise((resolve, reject) => this.#ends.push({ resolve, reject }));
  }

  async end(run: number, outcomes: Uint8Array[] | Error): Promise<void> {
    if (outcomes instanceof Error) this.#ends[run]?.reject(outcomes);
    else this.#ends[run]?.resolve(outcomes);
    await settled();
  }
}

/** Until nothing waits but what the test itself holds back. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

let runtime: SlowRuntime;
let session: NodeSession;
let node: Node;
let said: ClientMessage[];
let published: Uint8Array[];
let ran: Ran[];
let now = 1;

function perform(effects: readonly Effect[]): void {
  for (const effect of effects) {
    if (effect.effect === "Send") said.push(decodeClient(effect.frame));
    else node.handle(effect);
  }
}

beforeEach(() => {
  runtime = new SlowRuntime();
  session = new NodeSession("t", OFFER);
  said = [];
  published = [];
  const blobs = {
    fetch: async () => new Uint8Array(),
    argument: async (encoded: Uint8Array) => encoded.subarray(1),
    publish: async (outcome: Uint8Array) => {
      published.push(outcome);
      return reference(new Uint8Array(32), outcome.length);
    },
  };
  const link = { perform, resultsWait: () => perform(session.flush()) };
  ran = [];
  node = new Node({ session, link, blobs, runtimes: [runtime], now: () => now, ran: (each) => ran.push(each) }, 1);
  perform(session.connected(0));
  hear({ tag: "welcome", version: 1, heartbeat_s: 10, software: "" });
  hear({ tag: "node:registered", node: "n", name: "n", status: "active", honoured: [] });
  said = [];
});

function hear(message: Parameters<typeof encode>[0]): void {
  perform(session.received(encode(message), 1));
}

async function lease(bundles: number[], job = RUNTIME): Promise<void> {
  const leases: Lease[] = bundles.map((bundle) => ({
    bundle,
    job: 1,
    arguments: [Uint8Array.of(4, bundle)],
    deadline_ms: 9_000,
  }));
  const names = { requester: "", name: "", purpose: "" };
  const jobs = [{ job: 1, runtime: job, program: new Uint8Array(32), entry: "", limits: LIMITS, ...names }];
  hear({ tag: "task:assigned", ack: 0, leases, jobs, grant: Uint8Array.of(1), refused: [] });
  await settled();
}

const of = <T extends ClientMessage["tag"]>(tag: T) =>
  said.filter((m): m is Extract<ClientMessage, { tag: T }> => m.tag === tag);

describe("a node at work", () => {
  it("runs no more than its cores, and the next when one has ended", async () => {
    await lease([1, 2]);
    expect(runtime.works.map((work) => [...(work.arguments[0] ?? [])])).toEqual([[1]]);
    expect(node.status()).toMatchObject({ running: 1, queued: 1, load: 1 });
    await runtime.end(0, [value(Uint8Array.of(9))]);
    expect(runtime.works).toHaveLength(2);
    expect(of("task:complete")[0]?.reports[0]).toMatchObject({ bundle: 1, outcomes: [value(Uint8Array.of(9))] });
  });

  it("stops what the coordinator takes back, and says nothing about it", async () => {
    await lease([1, 2]);
    hear({ tag: "task:cancel", bundles: [1, 2], code: "job_cancelled" });
    expect(runtime.works[0]?.signal.aborted).toBe(true);
    await runtime.end(0, [value(Uint8Array.of(9))]);
    expect(runtime.works).toHaveLength(1);
    expect(said.map(({ tag }) => tag).filter((tag) => tag !== "node:heartbeat")).toEqual([]);
    expect(node.status()).toMatchObject({ running: 0, queued: 0 });
  });

  it("gives back what its runtime cannot run, and goes on", async () => {
    await lease([1, 2]);
    await runtime.end(0, new RuntimeBroken("no memory left"));
    expect(of("task:failed")).toMatchObject([{ bundles: [1], code: "runtime_broken", detail: "no memory left" }]);
    expect(runtime.works).toHaveLength(2);
  });

  it("gives back what it does not offer", async () => {
    await lease([1], "python-9");
    expect(of("task:failed")).toMatchObject([{ bundles: [1], code: "runtime_unknown" }]);
  });

  it("uploads an outcome that is too large for a frame", async () => {
    await lease([1]);
    await runtime.end(0, [value(new Uint8Array(INLINE_BYTES + 1))]);
    expect(published).toHaveLength(1);
    expect(of("task:complete")[0]?.reports[0]?.outcomes[0]).toHaveLength(41);
  });

  it("tells at once that it pauses and why, and finishes what it holds", async () => {
    await lease([1]);
    node.allow(0, "on_battery");
    expect(of("node:heartbeat").at(-1)).toMatchObject({ accepting: false, reason: "on_battery" });
    await runtime.end(0, [value(Uint8Array.of(9))]);
    expect(of("task:complete")).toHaveLength(1);
    node.allow(1, "");
    expect(of("node:heartbeat").at(-1)).toMatchObject({ accepting: true, reason: "" });
  });

  it("runs more at once when it is allowed more, and starts nothing when it is allowed less", async () => {
    await lease([1, 2, 3]);
    node.allow(2, "");
    await settled();
    expect(runtime.works).toHaveLength(2);
    node.allow(1, "");
    await runtime.end(0, [value(Uint8Array.of(9))]);
    expect(runtime.works).toHaveLength(2);
    await runtime.end(1, [value(Uint8Array.of(9))]);
    expect(runtime.works).toHaveLength(3);
  });

  it("counts the time of the tasks, not the time until they could begin", async () => {
    await lease([1]);
    now = 31;
    runtime.works[0]?.begun();
    now = 33;
    await runtime.end(0, [value(Uint8Array.of(9))]);
    now = 1;
    expect(of("task:complete")[0]?.reports[0]?.run_us).toBe(2_000_000);
  });

  it("gives back what has not started, or all of it, so that others can have it at once", async () => {
    await lease([1, 2, 3]);
    node.release(false, "frozen");
    expect(of("task:failed")).toMatchObject([{ bundles: [2, 3], code: "frozen" }]);
    node.release(true, "tab_closed");
    expect(of("task:failed")[1]).toMatchObject({ bundles: [1], code: "tab_closed" });
    expect(runtime.works[0]?.signal.aborted).toBe(true);
  });

  it("tells how each bundle ended", async () => {
    await lease([1, 2]);
    await runtime.end(0, [value(Uint8Array.of(9))]);
    await runtime.end(1, new RuntimeBroken("no memory left"));
    expect(ran).toEqual([
      { bundle: 1, tasks: 1 },
      { bundle: 2, code: "runtime_broken", message: "no memory left" },
    ]);
  });

  it("adds up what its votes earned", () => {
    const judged = { tag: "task:completed", job: "j", indexes: [], states: [], outcomes: [], votes: [] } as const;
    hear({ ...judged, paid: 2, rejected: 1, earned_micros: 900, pooled_micros: 0 });
    hear({ ...judged, paid: 1, rejected: 0, earned_micros: 100, pooled_micros: 0 });
    expect(node.totals).toMatchObject({ paid: 3, rejected: 1, earnedMicros: 1_000 });
  });
});
