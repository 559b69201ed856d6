// A node at work: leases come in as effects of the session, wait for a core, run, and their results go out. It must
// never run more than its cores, never go on with a lease that is over, and never let a task's fault reach the link.

import type { Blobs } from "./blobs";
import { ProtocolError } from "./codec";
import type { Effect } from "./effects";
import { REPORT_BYTES, wireBytes } from "./held";
import type { Link } from "./link";
import { type Heartbeat, INLINE_BYTES, type JobInfo, type Lease } from "./messages.gen";
import type { Runtime } from "./runtime";
import type { NodeSession } from "./session";

/** What somebody who watches may want to know. */
export interface Totals {
  executed: number;
  paid: number;
  rejected: number;
  earnedMicros: number;
}

interface Waiting {
  readonly lease: Lease;
  readonly job: JobInfo;
}

export class Node {
  readonly totals: Totals = { executed: 0, paid: 0, rejected: 0, earnedMicros: 0 };
  readonly #queue: Waiting[] = [];
  readonly #running = new Map<number, AbortController>();
  readonly #runtimes: ReadonlyMap<string, Runtime>;
  /** Why no new work is wanted; empty while it is. */
  #reason = "";

  constructor(
    private readonly session: NodeSession,
    private readonly link: Pick<Link, "perform" | "resultsWait">,
    private readonly blobs: Pick<Blobs, "fetch" | "argument" | "publish">,
    runtimes: readonly Runtime[],
    private readonly cores: number,
    private readonly now: () => number,
    private readonly watch: (effect: Effect) => void = () => {},
  ) {
    this.#runtimes = new Map(runtimes.map((runtime) => [runtime.id, runtime]));
  }

  /** What the link hands over. */
  handle(effect: Effect): void {
    if (effect.effect === "Leased") {
      this.#queue.push(effect);
      this.#fill();
    } else if (effect.effect === "Ended") {
      this.#over(effect.bundle);
    } else if (effect.effect === "Judged") {
      this.totals.paid += effect.completed.paid;
      this.totals.rejected += effect.completed.rejected;
      this.totals.earnedMicros += effect.completed.earned_micros;
    }
    this.watch(effect);
  }

  /** No new leases for this reason; an empty one means that work is welcome. What is held is still finished. */
  pause(reason: string): void {
    this.#reason = reason;
    this.#tell();
  }

  status(): Heartbeat {
    const running = this.#running.size;
    const load = running / this.cores;
    const accepting = this.#reason === "";
    return {
      tag: "node:heartbeat",
      running,
      queued: this.#queue.length,
      load,
      accepting,
      reason: this.#reason,
      rtt_ms: 0,
    };
  }

  #fill(): void {
    while (this.#running.size < this.cores) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      void this.#run(next);
    }
    this.#tell();
  }

  #tell(): void {
    this.link.perform(this.session.setStatus(this.status(), this.now()));
  }

  #over(bundle: number): void {
    const place = this.#queue.findIndex(({ lease }) => lease.bundle === bundle);
    if (place >= 0) this.#queue.splice(place, 1);
    this.#running.get(bundle)?.abort();
  }

  async #run({ lease, job }: Waiting): Promise<void> {
    const stop = new AbortController();
    this.#running.set(lease.bundle, stop);
    const started = this.now();
    try {
      const outcomes = await this.#outcomes(lease, job, stop.signal);
      if (!stop.signal.aborted) this.#finished(lease, outcomes, started);
    } catch (error) {
      if (!stop.signal.aborted) this.#returned(lease, error);
    } finally {
      this.#running.delete(lease.bundle);
      this.#fill();
    }
  }

  async #outcomes(lease: Lease, job: JobInfo, signal: AbortSignal): Promise<Uint8Array[]> {
    const runtime = this.#runtimes.get(job.runtime);
    if (runtime === undefined) throw new ProtocolError("runtime_unknown", `${job.runtime} is not offered here`);
    const program = await this.blobs.fetch(job.program);
    const given = await Promise.all(lease.arguments.map((argument) => this.blobs.argument(argument)));
    const { entry, limits } = job;
    const outcomes = await runtime.run({
      program,
      programDigest: job.program,
      entry,
      limits,
      arguments: given,
      signal,
    });
    return this.#reportable(outcomes);
  }

  /** Outcomes that do not fit a frame are uploaded, the largest first. */
  async #reportable(outcomes: Uint8Array[]): Promise<Uint8Array[]> {
    const bySize = outcomes.map((each, place) => ({ place, size: each.length })).sort((a, b) => b.size - a.size);
    for (const { place, size } of bySize) {
      if (size <= INLINE_BYTES && wireBytes(outcomes) <= REPORT_BYTES) break;
      outcomes[place] = await this.blobs.publish(outcomes[place] ?? new Uint8Array());
    }
    return outcomes;
  }

  #finished(lease: Lease, outcomes: Uint8Array[], started: number): void {
    this.totals.executed += outcomes.length;
    const runUs = Math.max(1, Math.round((this.now() - started) * 1e6));
    this.link.perform(this.session.finished(lease.bundle, outcomes, runUs));
    this.link.resultsWait(this.#running.size > 1 || this.#queue.length > 0);
  }

  #returned(lease: Lease, error: unknown): void {
    const code = error instanceof ProtocolError ? error.code : "node_error";
    const detail = error instanceof Error ? error.message : String(error);
    this.link.perform(this.session.giveBack([lease.bundle], code, detail));
  }
}
