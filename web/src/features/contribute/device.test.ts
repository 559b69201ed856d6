import { describe, expect, it } from "vitest";
import type { RunningTask, TabState, TabView } from "../../node/tab";
import { Keeper } from "./device";
import { LINGER_MS } from "./works";

const TASK: RunningTask = {
  bundle: 1,
  tasks: 5,
  requester: "Lise",
  job: "gaps",
  purpose: "primes",
  runtime: "wasm-1",
  startedAt: 0,
};
const VIEW: TabView = {
  state: "idle",
  reason: undefined,
  problem: undefined,
  node: "",
  name: "",
  cores: 0,
  deviceCores: 4,
  running: [],
  executed: 0,
  paid: 0,
  rejected: 0,
  earnedMicros: 0,
  progress: undefined,
  runtimes: [],
  firstPaidAfterMs: undefined,
  log: [],
  rules: { cores: 2, coresWhilePresent: 1, onBattery: "above", leastCharge: 0.5, hours: [0, 0] },
  country: "",
};

class FakeNode {
  readonly calls: string[] = [];
  readonly #listeners = new Set<() => void>();
  #view = VIEW;

  constructor(readonly wasStarted: boolean) {}

  view = () => this.#view;
  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  start = () => void this.calls.push("start");
  leave = () => void this.calls.push("leave");

  becomes(state: TabState, running: readonly RunningTask[] = []): void {
    this.#view = { ...this.#view, state, running };
    for (const listener of this.#listeners) listener();
  }
}

/** A keeper, and the world around it by hand. */
function kept(wasStarted: boolean) {
  const world = { account: "ada" as string | undefined, now: 1_000, soon: [] as (() => void)[], asked: 0 };
  const nodes: FakeNode[] = [];
  let loaded = (): void => {};
  let accountChanged = (): void => {};
  const keeper = new Keeper<FakeNode>({
    account: () => world.account,
    onAccount: (listener) => {
      accountChanged = listener;
    },
    open: () =>
      new Promise((resolve) => {
        world.asked += 1;
        loaded = () => {
          const node = new FakeNode(wasStarted);
          nodes.push(node);
          resolve(node);
        };
      }),
    now: () => world.now,
    soon: (act) => world.soon.push(act),
  });
  let told = 0;
  keeper.subscribe(() => {
    told += 1;
  });
  return {
    keeper,
    world,
    nodes,
    told: () => told,
    load: async () => {
      loaded();
      await Promise.resolve();
      await Promise.resolve();
    },
    logIn: (account: string | undefined) => {
      world.account = account;
      accountChanged();
    },
    soon: () => {
      for (const act of world.soon.splice(0)) act();
    },
  };
}

describe("the node of a page", () => {
  it("is started only when its owner had started it", async () => {
    const [first, again] = [kept(false), kept(true)];
    await first.load();
    await again.load();
    expect(first.nodes.map(({ calls }) => calls)).toEqual([[]]);
    expect(again.nodes.map(({ calls }) => calls)).toEqual([["start"]]);
  });

  it("gives everything back when its account logs out, and shows nothing of it to the next one", async () => {
    const page = kept(true);
    await page.load();
    page.logIn(undefined);
    expect(page.nodes[0]?.calls).toEqual(["start", "leave"]);
    expect(page.keeper.current().device).toBeUndefined();
    page.logIn("grace");
    await page.load();
    expect(page.nodes).toHaveLength(2);
    page.nodes[0]?.becomes("working", [TASK]);
    expect(page.keeper.current().device?.state).toBe("idle");
  });

  it("is not kept when its account left before it was loaded", async () => {
    const page = kept(true);
    page.logIn(undefined);
    await page.load();
    expect(page.nodes[0]?.calls).toEqual([]);
    expect(page.keeper.current().device).toBeUndefined();
  });

  it("stays one when only the session was renewed", async () => {
    const page = kept(true);
    await page.load();
    page.logIn("ada");
    expect([page.world.asked, page.nodes[0]?.calls]).toEqual([1, ["start"]]);
  });

  it("is shown at once, then not more often than a person can read, and the last word counts", async () => {
    const page = kept(false);
    await page.load();
    const before = page.told();
    page.nodes[0]?.becomes("starting");
    expect(page.keeper.current().device?.state).toBe("starting");
    page.nodes[0]?.becomes("connecting");
    page.nodes[0]?.becomes("waiting");
    expect(page.told()).toBe(before + 1);
    page.soon();
    expect(page.keeper.current().device?.state).toBe("waiting");
  });

  it("is at work also between two short tasks, until nothing came for a while", async () => {
    const page = kept(false);
    await page.load();
    page.nodes[0]?.becomes("working", [TASK, { ...TASK, bundle: 2 }]);
    page.world.now += LINGER_MS - 1;
    page.soon();
    page.nodes[0]?.becomes("waiting");
    page.soon();
    const { device } = page.keeper.current();
    expect([device?.state, device?.works.map(({ cores, tasks }) => [cores, tasks])]).toEqual(["working", [[2, 10]]]);
    page.world.now += LINGER_MS;
    page.nodes[0]?.becomes("waiting");
    expect(page.keeper.current().device).toMatchObject({ state: "waiting", works: [] });
  });

  it("shows no work any more as soon as it was stopped", async () => {
    const page = kept(false);
    await page.load();
    page.nodes[0]?.becomes("working", [TASK]);
    page.nodes[0]?.becomes("idle");
    page.soon();
    expect(page.keeper.current().device).toMatchObject({ state: "idle", works: [] });
  });
});
