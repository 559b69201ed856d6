// Confined workers and the channels to them: what stands between a stranger's task and this page. The workers live in
// the sandbox page (src/sandbox/frame.ts); here is the other end. What comes back is a stranger's: only bytes count, no
// more of them than were asked for, and whoever sends something else is killed. Must never leave a worker behind.

import type { Ask, News, Order } from "../sandbox/orders";
import { READY } from "../sandbox/orders";
import { RuntimeBroken } from "./runtime";

const START_LIMIT_S = 60;
/** Answers that nobody has taken yet, of one worker. */
const MAX_WAITING_BYTES = 128 << 20;

/** The worker is gone, or broke the rules and was killed. */
export class ProcessDied extends Error {}
/** It answered with more bytes than it may; it is killed. */
export class AnswerTooLong extends ProcessDied {}
/** No answer in time. */
export class TooLate extends Error {}

export type After = (seconds: number, act: () => void) => () => void;

/** The sandbox page, through the port that it was given. */
export class Sandbox {
  readonly #processes = new Map<number, Process>();
  readonly #keeping = new Map<string, { resolve(): void; reject(error: Error): void }>();
  #last = 0;

  constructor(
    private readonly port: MessagePort,
    private readonly after: After,
  ) {
    port.onmessage = ({ data }: MessageEvent<News>) => this.#heard(data);
  }

  /** Hands a file in, for workers that will ask for it. Throws RuntimeBroken. */
  keep(name: string, as: "script" | "module" | "bytes", bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#keeping.set(name, { resolve, reject });
      this.#say({ order: "keep", name, as, bytes: bytes as Uint8Array<ArrayBuffer> });
    });
  }

  /** A worker that said that it is ready. Throws RuntimeBroken. */
  async start(script: string, files: readonly string[]): Promise<Process> {
    this.#last += 1;
    const number = this.#last;
    const { port1, port2 } = new MessageChannel();
    const process = new Process(port1, this.after, () => {
      this.#processes.delete(number);
      this.#say({ order: "kill", process: number });
    });
    this.#processes.set(number, process);
    this.port.postMessage({ order: "start", process: number, script, files, port: port2 } satisfies Order, [port2]);
    await ready(process, script);
    return process;
  }

  close(): void {
    for (const process of [...this.#processes.values()]) process.kill();
    this.port.close();
  }

  #say(order: Order): void {
    this.port.postMessage(order);
  }

  #heard(news: News): void {
    if (news.news === "kept") {
      this.#keeping.get(news.name)?.resolve();
      this.#keeping.delete(news.name);
    } else if (news.news === "died") {
      this.#processes.get(news.process)?.died(news.message);
    } else {
      for (const waiting of this.#keeping.values()) waiting.reject(new RuntimeBroken(`the sandbox: ${news.message}`));
      this.#keeping.clear();
    }
  }
}

async function ready(process: Process, script: string): Promise<void> {
  try {
    const word = await process.receive(READY.length, START_LIMIT_S);
    if (word.join() !== READY.join()) throw new ProcessDied("it did not say that it is ready");
  } catch (error) {
    process.kill();
    const why = error instanceof TooLate ? `no word in ${START_LIMIT_S} s` : (error as Error).message;
    throw new RuntimeBroken(`${script} does not start: ${why}`, "close other tabs: it needs about 300 MB of memory");
  }
}

/** One worker. Ended by `kill`; not for two conversations at once. */
export class Process {
  readonly #answers: Uint8Array[] = [];
  #expected = 1;
  #waitingBytes = 0;
  #dead: ProcessDied | undefined;
  #wake: () => void = () => {};

  constructor(
    private readonly port: MessagePort,
    private readonly after: After,
    private readonly onKill: () => void,
  ) {
    port.onmessage = ({ data }) => this.#heard(data);
  }

  get alive(): boolean {
    return this.#dead === undefined;
  }

  /** Asks something that has one answer. */
  ask(question: Ask): void {
    if (!this.alive) return;
    this.#expected += 1;
    this.port.postMessage(question);
  }

  /** The next answer. Throws ProcessDied, AnswerTooLong or TooLate. */
  async receive(maxBytes: number, limitS: number, signal?: AbortSignal): Promise<Uint8Array> {
    let late = false;
    const stop = this.after(limitS, () => {
      late = true;
      this.#wake();
    });
    const aborted = () => this.died("not wanted any more");
    signal?.addEventListener("abort", aborted, { once: true });
    try {
      while (this.#answers.length === 0 && this.alive && !late) await new Promise<void>((wake) => (this.#wake = wake));
    } finally {
      stop();
      signal?.removeEventListener("abort", aborted);
    }
    const answer = this.#answers.shift();
    if (answer === undefined) throw this.#dead ?? new TooLate();
    this.#waitingBytes -= answer.length;
    if (answer.length <= maxBytes) return answer;
    this.kill();
    throw new AnswerTooLong(`${answer.length} bytes`);
  }

  /** Safe at any time, any number of times. */
  kill(): void {
    this.died("killed");
  }

  died(why: string): void {
    if (!this.alive) return;
    this.#dead = new ProcessDied(why);
    this.port.close();
    this.onKill();
    this.#wake();
  }

  #heard(answer: unknown): void {
    if (!this.alive) return;
    if (!(answer instanceof Uint8Array) || this.#expected === 0) {
      this.died("it said what nobody asked");
    } else if (this.#waitingBytes + answer.length > MAX_WAITING_BYTES) {
      this.died("more than this tab can hold");
    } else {
      this.#expected -= 1;
      this.#waitingBytes += answer.length;
      this.#answers.push(answer);
      this.#wake();
    }
  }
}
