import { describe, expect, it } from "vitest";
import { Leader } from "./leader";

interface Request {
  options: LockOptions;
  act: (lock: Lock | null) => unknown;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The locks of one device: one name, as the Web Locks specification has it. */
class Locks {
  #held: Request | undefined;
  #queue: Request[] = [];

  /** What one tab sees of them. */
  tab(): LockManager {
    return { query: this.#query, request: this.#request } as unknown as LockManager;
  }

  #query = async () => ({ held: this.#held === undefined ? [] : [{ name: "we1web-node" }], pending: [] });

  #request = (_name: string, options: LockOptions, act: Request["act"]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const request = { options, act, resolve, reject };
      options.signal?.addEventListener("abort", () => {
        if (!this.#queue.includes(request)) return;
        this.#queue = this.#queue.filter((each) => each !== request);
        reject(new Error("AbortError"));
      });
      if (options.steal === true) {
        this.#held?.reject(new Error("stolen"));
        this.#held = undefined;
        return this.#grant(request);
      }
      if (options.ifAvailable === true && this.#held !== undefined) return resolve(act(null));
      this.#queue.push(request);
      this.#next();
    });

  #next(): void {
    const next = this.#held === undefined ? this.#queue.shift() : undefined;
    if (next !== undefined) this.#grant(next);
  }

  #grant(request: Request): void {
    this.#held = request;
    void Promise.resolve(request.act({} as Lock)).then((value) => {
      if (this.#held !== request) return;
      this.#held = undefined;
      request.resolve(value);
      this.#next();
    });
  }
}

function tabs(): { one: Leader; other: Leader; lost: string[]; losing(name: string): () => void } {
  const locks = new Locks();
  const lost: string[] = [];
  return {
    one: new Leader(locks.tab()),
    other: new Leader(locks.tab()),
    lost,
    losing: (name) => () => lost.push(name),
  };
}

describe("one working tab per device", () => {
  it("is the first that asks; the next one sees that it is taken", async () => {
    const { one, other, losing } = tabs();
    expect(await one.claim(false, losing("one"))).toBe(true);
    expect([await one.taken(), await other.taken()]).toEqual([false, true]);
    expect(await other.claim(false, losing("other"))).toBe(false);
  });

  it("is the one that takes it away, and the old one hears of it", async () => {
    const { one, other, lost, losing } = tabs();
    await one.claim(false, losing("one"));
    expect(await other.claim(true, losing("other"))).toBe(true);
    await Promise.resolve();
    expect(lost).toEqual(["one"]);
  });

  it("is the one that waited, when the other has ended", async () => {
    const { one, other, lost, losing } = tabs();
    await one.claim(false, losing("one"));
    const inherited = other.inherit(losing("other"));
    one.release();
    expect(await inherited).toBe(true);
    expect([await one.claim(false, losing("one")), lost]).toEqual([false, []]);
  });

  it("is not asked for twice: who takes over or ends does not wait any more, and has lost nothing", async () => {
    const { one, other, lost, losing } = tabs();
    await one.claim(false, losing("one"));
    const inherited = other.inherit(losing("other"));
    expect(await other.claim(true, losing("other"))).toBe(true);
    expect(await inherited).toBe(false);
    const again = one.inherit(losing("one"));
    one.release();
    expect(await again).toBe(false);
    expect(lost).toEqual(["one"]);
  });

  it("is every tab where the browser has no locks", async () => {
    const leader = new Leader(undefined);
    expect([await leader.taken(), await leader.claim(false, () => {})]).toEqual([false, true]);
    expect(await leader.inherit(() => {})).toBe(false);
  });
});
