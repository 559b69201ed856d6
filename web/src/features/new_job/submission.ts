// Hands a job over: program, job, tasks in batches. Every step may be repeated without doing anything twice (blobs are
// named by content, the job by its key, batches by number), so a lost connection is waited out and then gone on with.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { ApiError, type JobOrder } from "../../api";
import { INLINE_BYTES, MAX_BLOB_BYTES } from "../../node/messages.gen";
import { INLINE, reference } from "../../node/outcome";
import type { Payloads } from "./inputs/reader";
import type { Uploaded } from "./order";

const ONE_REQUEST_BYTES = 1 << 20;
const ONE_REQUEST_TASKS = 1_000;
const PARALLEL_UPLOADS = 4;
const LONGEST_WAIT_S = 15;

export interface Parcel {
  readonly nonce: string;
  readonly program: Uint8Array;
  readonly verifier: Uint8Array | undefined;
  readonly payloads: Payloads;
  order(uploaded: Uploaded): Promise<JobOrder>;
}

export interface Coordinator {
  /** Under its digest; does nothing when it is there. */
  putBlob(digest: string, bytes: Uint8Array): Promise<void>;
  createJob(order: JobOrder, key: string): Promise<{ readonly id: string }>;
  addTasks(job: string, sequence: number, tasks: readonly Uint8Array[], complete: boolean): Promise<void>;
  cancelJob(job: string): Promise<void>;
}

export interface Step {
  readonly phase: "program" | "job" | "tasks";
  /** Tasks that are handed over. */
  readonly done: number;
  readonly total: number;
  /** Why it waits before it tries again. */
  readonly waiting: ApiError | undefined;
}

export class Submission {
  #step: Step;
  #uploaded: Uploaded | undefined;
  #order: JobOrder | undefined;
  #job: string | undefined;
  #sequence = 0;

  constructor(
    private readonly parcel: Parcel,
    private readonly coordinator: Coordinator,
    private readonly wait: (seconds: number, signal: AbortSignal) => Promise<void>,
    private readonly onStep: (step: Step) => void,
  ) {
    this.#step = { phase: "program", done: 0, total: parcel.payloads.count, waiting: undefined };
  }

  /** The job's id. Throws what cannot be waited out; called again it goes on where it was. */
  async run(signal: AbortSignal): Promise<string> {
    this.#show({});
    this.#uploaded ??= await this.#programs(signal);
    this.#show({ phase: "job" });
    const order = await this.#ordered(this.#uploaded, signal);
    const first = this.#step.done === 0 ? await this.#next(signal) : [];
    const whole = first.length === this.#step.total && bytesOf(first) <= ONE_REQUEST_BYTES;
    if (whole) return await this.#create({ ...order, arguments: first.map(base64), complete: true }, signal);
    this.#job ??= await this.#create({ ...order, arguments: [], complete: false }, signal);
    await this.#tasks(this.#job, first, signal);
    return this.#job;
  }

  /** Takes back what came about so far. */
  async withdraw(): Promise<void> {
    if (this.#job !== undefined) await this.coordinator.cancelJob(this.#job);
  }

  async #programs(signal: AbortSignal): Promise<Uploaded> {
    const { program, verifier } = this.parcel;
    const uploaded = await this.#blob(program, signal);
    if (verifier === undefined || verifier === program) return { program: uploaded, verifier: verifier && uploaded };
    return { program: uploaded, verifier: await this.#blob(verifier, signal) };
  }

  async #ordered(uploaded: Uploaded, signal: AbortSignal): Promise<JobOrder> {
    this.#order ??= await this.#persist(() => this.parcel.order(uploaded), signal);
    return this.#order;
  }

  async #create(order: JobOrder, signal: AbortSignal): Promise<string> {
    const content = await this.parcel.payloads.fingerprint();
    const key = bytesToHex(sha256(utf8ToBytes(JSON.stringify([this.parcel.nonce, order, content]))));
    return (await this.#persist(() => this.coordinator.createJob(order, key), signal)).id;
  }

  async #tasks(job: string, first: readonly Uint8Array[], signal: AbortSignal): Promise<void> {
    let batch = first;
    while (this.#step.done < this.#step.total) {
      this.#show({ phase: "tasks" });
      const tasks = batch.length > 0 ? batch : await this.#next(signal);
      const done = this.#step.done + tasks.length;
      await this.#persist(
        () => this.coordinator.addTasks(job, this.#sequence, tasks, done >= this.#step.total),
        signal,
      );
      this.#sequence += 1;
      this.#show({ done });
      batch = [];
    }
  }

  /** The next arguments in the form in which they travel. */
  async #next(signal: AbortSignal): Promise<Uint8Array[]> {
    const payloads = await this.parcel.payloads.payloads(this.#step.done);
    const found: Uint8Array[] = [];
    for (let at = 0; at < payloads.length; at += PARALLEL_UPLOADS) {
      const some = payloads.slice(at, at + PARALLEL_UPLOADS);
      if (some.every(({ length }) => length <= INLINE_BYTES)) found.push(...some.map(inline));
      else found.push(...(await Promise.all(some.map((payload) => this.#argument(payload, signal)))));
    }
    return found;
  }

  async #argument(payload: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    if (payload.length <= INLINE_BYTES) return inline(payload);
    if (payload.length > MAX_BLOB_BYTES) throw new RangeError(`an input of ${payload.length} bytes`);
    await this.#blob(payload, signal);
    return reference(sha256(payload), payload.length);
  }

  async #blob(bytes: Uint8Array, signal: AbortSignal): Promise<string> {
    const digest = bytesToHex(sha256(bytes));
    await this.#persist(() => this.coordinator.putBlob(digest, bytes), signal);
    return digest;
  }

  /** Until it works, is refused for good, or is not wanted any more. */
  async #persist<T>(act: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let failures = 0; ; failures += 1) {
      signal.throwIfAborted();
      try {
        const answer = await act();
        if (this.#step.waiting) this.#show({ waiting: undefined });
        return answer;
      } catch (error) {
        if (!(error instanceof ApiError && error.retryable)) throw error;
        this.#show({ waiting: error });
        await this.wait(Math.min(LONGEST_WAIT_S, 2 ** failures), signal);
      }
    }
  }

  #show(change: Partial<Step>): void {
    this.#step = { ...this.#step, ...change };
    this.onStep(this.#step);
  }
}

function inline(payload: Uint8Array): Uint8Array {
  const encoded = new Uint8Array(1 + payload.length);
  encoded[0] = INLINE;
  encoded.set(payload, 1);
  return encoded;
}

function bytesOf(tasks: readonly Uint8Array[]): number {
  return tasks.length <= ONE_REQUEST_TASKS ? tasks.reduce((sum, { length }) => sum + length, 0) : Infinity;
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}
