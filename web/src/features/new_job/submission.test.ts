import { describe, expect, it } from "vitest";
import { ApiError, type JobOrder } from "../../api";
import type { Payloads } from "./inputs/reader";
import { type Coordinator, type Step, Submission } from "./submission";

const LOST = new ApiError({ code: "unreachable", status: 0, message: "lost", retryable: true });
const REFUSED = new ApiError({ code: "insufficient_funds", status: 402, message: "no money" });
const BATCH = 3;

/** Remembers what it was told, and fails when the test says so: before it took the request, or after. */
class FakeCoordinator implements Coordinator {
  readonly blobs = new Map<string, Uint8Array>();
  readonly jobs = new Map<string, { order: JobOrder; batches: Map<number, number>; complete: boolean }>();
  requests = 0;
  cancelled: string[] = [];
  fails: (request: number) => { error: ApiError; taken: boolean } | undefined = () => undefined;

  putBlob = (digest: string, bytes: Uint8Array) => this.#asked(() => void this.blobs.set(digest, bytes));

  createJob = (order: JobOrder, key: string) =>
    this.#asked(() => {
      const complete = order.complete ?? false;
      if (!this.jobs.has(key)) this.jobs.set(key, { order, batches: new Map(), complete });
      return { id: key };
    });

  addTasks = (job: string, sequence: number, tasks: readonly Uint8Array[], complete: boolean) =>
    this.#asked(() => {
      const found = this.jobs.get(job);
      found?.batches.set(sequence, tasks.length);
      if (found && complete) found.complete = true;
    });

  cancelJob = async (job: string) => void this.cancelled.push(job);

  async #asked<T>(act: () => T): Promise<T> {
    this.requests += 1;
    const failure = this.fails(this.requests);
    if (failure && !failure.taken) throw failure.error;
    const answer = act();
    if (failure) throw failure.error;
    return answer;
  }
}

function payloads(count: number, size = 500_000): Payloads {
  const one = (place: number) => new Uint8Array(size).fill(place);
  return {
    count,
    payloads: async (from) => Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => one(from + at)),
    fingerprint: async () => `${count}`,
  };
}

function submission(coordinator: Coordinator, inputs: Payloads, steps: Step[] = []) {
  const parcel = {
    nonce: "n",
    program: Uint8Array.of(1),
    verifier: undefined,
    payloads: inputs,
    order: async (): Promise<JobOrder> => ({ runtime: "python", program: "p", price_micros: 1 }),
  };
  return new Submission(
    parcel,
    coordinator,
    async () => {},
    (step) => steps.push(step),
  );
}

const signal = () => new AbortController().signal;

describe("a submission", () => {
  it("of a few small tasks is one request after the program", async () => {
    const coordinator = new FakeCoordinator();
    await submission(coordinator, payloads(2, 10)).run(signal());
    const [job] = coordinator.jobs.values();
    expect(coordinator.requests).toBe(2);
    expect(job).toMatchObject({
      complete: true,
      order: { arguments: [btoa(`\x04${"\0".repeat(10)}`), btoa(`\x04${"\x01".repeat(10)}`)] },
    });
  });

  it("of many goes in numbered batches, the last of which completes it", async () => {
    const coordinator = new FakeCoordinator();
    const steps: Step[] = [];
    await submission(coordinator, payloads(7, 10), steps).run(signal());
    const [job] = coordinator.jobs.values();
    expect([...(job?.batches ?? [])]).toEqual([
      [0, 3],
      [1, 3],
      [2, 1],
    ]);
    expect(job?.complete).toBe(true);
    expect(steps.at(-1)).toMatchObject({ phase: "tasks", done: 7, total: 7 });
  });

  it("sends large inputs as blobs", async () => {
    const coordinator = new FakeCoordinator();
    await submission(coordinator, payloads(2)).run(signal());
    expect([...coordinator.blobs.values()].map(({ length }) => length)).toEqual([1, 500_000, 500_000]);
    expect([...coordinator.jobs.values()][0]?.order.arguments?.map((each) => atob(each).length)).toEqual([41, 41]);
  });

  it.each([true, false])("does nothing twice when every answer is lost once (taken: %s)", async (taken) => {
    const coordinator = new FakeCoordinator();
    coordinator.fails = (request) => (request % 2 === 1 ? { error: LOST, taken } : undefined);
    const steps: Step[] = [];
    await submission(coordinator, payloads(7, 10), steps).run(signal());
    const [job, other] = coordinator.jobs.values();
    expect([...(job?.batches.values() ?? [])]).toEqual([3, 3, 1]);
    expect(other).toBeUndefined();
    expect(steps.some(({ waiting }) => waiting === LOST)).toBe(true);
    expect(steps.at(-1)?.waiting).toBeUndefined();
  });

  it("stops at a refusal, and goes on where it was when asked to", async () => {
    const coordinator = new FakeCoordinator();
    coordinator.fails = (request) => (request === 4 ? { error: REFUSED, taken: false } : undefined);
    const sent = submission(coordinator, payloads(7, 10));
    await expect(sent.run(signal())).rejects.toBe(REFUSED);
    await sent.run(signal());
    expect(coordinator.requests).toBe(1 + 1 + 3 + 1);
    expect([...coordinator.jobs.values()].map(({ batches }) => [...batches.values()])).toEqual([[3, 3, 1]]);
  });

  it("can be taken back, and stops when it is", async () => {
    const coordinator = new FakeCoordinator();
    const control = new AbortController();
    coordinator.fails = (request) => {
      if (request === 3) control.abort();
      return undefined;
    };
    const sent = submission(coordinator, payloads(7, 10));
    await expect(sent.run(control.signal)).rejects.toThrow();
    await sent.withdraw();
    expect(coordinator.cancelled).toEqual([...coordinator.jobs.keys()]);
  });
});
