// Ready workers of one runtime, so that a bundle waits for none to start. Twin of src/we1web/agent/process_pool.py: it
// never starts more than asked for, and tells of a runtime that cannot start instead of trying for ever.

import type { Process } from "./sandbox";

export class ProcessPool {
  readonly #idle: Process[] = [];
  readonly #taken = new Set<Process>();
  readonly #starting = new Set<Promise<void>>();
  #closed = false;

  constructor(
    private readonly spawn: () => Promise<Process>,
    private readonly ready: number,
  ) {}

  /** Until every worker is ready. Throws RuntimeBroken. */
  async start(): Promise<void> {
    const started = await Promise.allSettled(Array.from({ length: this.ready }, () => this.spawn()));
    for (const each of started) if (each.status === "fulfilled") this.#idle.push(each.value);
    const failed = started.find((each) => each.status === "rejected");
    if (failed === undefined && !this.#closed) return;
    this.close();
    if (failed !== undefined) throw failed.reason;
  }

  /** A ready worker; starts one when none is. Throws RuntimeBroken. */
  async take(): Promise<Process> {
    while (this.#idle.length === 0 && this.#starting.size > 0) await Promise.race(this.#starting);
    let process = this.#idle.pop();
    while (process !== undefined && !process.alive) process = this.#idle.pop();
    process ??= await this.spawn();
    this.#taken.add(process);
    return process;
  }

  /** Returns a worker that is as good as new; others are for `discard`. */
  giveBack(process: Process): void {
    this.#taken.delete(process);
    if (this.#closed || this.#idle.length >= this.ready || !process.alive) process.kill();
    else this.#idle.push(process);
  }

  /** Ends a worker and sees that another gets ready. */
  discard(process: Process): void {
    this.#taken.delete(process);
    process.kill();
    const missing = this.#closed ? 0 : this.ready - this.#idle.length - this.#starting.size;
    for (let started = 0; started < missing; started += 1) this.#startOne();
  }

  /** Ends every worker, taken ones included. */
  close(): void {
    this.#closed = true;
    for (const process of [...this.#idle, ...this.#taken]) process.kill();
    this.#idle.length = 0;
  }

  #startOne(): void {
    const starting = this.spawn()
      .then((process) => {
        if (this.#closed) process.kill();
        else this.#idle.push(process);
      })
      .catch(() => {}) // whoever needs a worker tries again, and then hears why
      .finally(() => this.#starting.delete(starting));
    this.#starting.add(starting);
  }
}
