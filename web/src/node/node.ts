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

/** A bundle in hand. */
export interface Held {
  readonly lease: Lease;
  readonly job: JobInfo;
}

export interface Running extends Held {
  readonly stop: AbortController;
  /** When its tasks began, seconds of the node's clock; what was before is the node's own time. */
  startedAt: number;
}

/** How a bundle ended here: with results, or with what went wrong on this device. */
export type Ran = { bundle: number } & ({ tasks: number } | { code: string; message: string });

/** What a node is made of. */
export interface Parts {
  readonly session: NodeSession;
  readonly link: Pick<Link, "perform" | "resultsWait">;
  readonly blobs: Pick<Blobs, "fetch" | "argument" | "publish">;
  readonly runtimes: readonly Runtime[];
  /** Seconds of a steady clock. */
  now(): number;
  /** What the link handed over, after the node took it. */
  watch?(effect: Effect): void;
  ran?(ran: Ran): void;
}

export class Node {
  readonly totals: Totals = { executed: 0, paid: 0, rejected: 0, earnedMicros: 0 };
  readonly #queue: Held[] = [];
  readonly #running = new Map<number, Running>();
  readonly #runtimes: ReadonlyMap<string, Runtime>;
  #cores: number;
  /** Why no new work is wanted; empty while it is. */
  #reason = "";

  constructor(
    private readonly parts: Parts,
    cores: number,
  ) {
    this.#cores = cores;
    this.#runtimes = new Map(parts.runtimes.map((runtime) => [runtime.id, runtime]));
  }

  get running(): readonly Running[] {
    return [...this.#running.values()];
  }

  /** What the link hands over. */
  handle(effect: Effect): void {
    if (effect.effect === "Leased") {
      this.#queue.push(effect);
      void this.parts.blobs.fetch(effect.job.program).catch(() => {}); // ahead of its turn, when it is heard again
      this.#fill();
    } else if (effect.effect === "Ended") {
      this.#over(effect.bundle);
    } else if (effect.effect === "Judged") {
      this.totals.paid += effect.completed.paid;
      this.totals.rejected += effect.completed.rejected;
      this.totals.earnedMicros += effect.completed.earned_micros;
    }
    this.parts.watch?.(effect);
  }

  /** At most so many cores from now on. None: no new leases, for this reason. What runs is still finished. */
  allow(cores: number, reason: string): void {
    this.#cores = cores;
    this.#reason = cores > 0 ? "" : reason;
    this.#fill();
  }

  /** Gives back what has not started, or with `all` everything: somebody else can have it at once. */
  release(all: boolean, code: string): void {
    const queued = this.#queue.map(({ lease }) => lease.bundle);
    const bundles = all ? [...queued, ...this.#running.keys()] : queued;
    this.parts.link.perform([...this.parts.session.flush(), ...this.parts.session.giveBack(bundles, code)]);
  }

  status(): Heartbeat {
    const running = this.#running.size;
    const load = this.#cores > 0 ? running / this.#cores : 0;
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
    while (this.#running.size < this.#cores) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      void this.#run(next);
    }
    this.#tell();
  }

  #tell(): void {
    this.parts.link.perform(this.parts.session.setStatus(this.status(), this.parts.now()));
  }

  #over(bundle: number): void {
    const place = this.#queue.findIndex(({ lease }) => lease.bundle === bundle);
    if (place >= 0) this.#queue.splice(place, 1);
    this.#running.get(bundle)?.stop.abort();
  }

  async #run({ lease, job }: Held): Promise<void> {
    const running: Running = { lease, job, stop: new AbortController(), startedAt: this.parts.now() };
    const { signal } = running.stop;
    this.#running.set(lease.bundle, running);
    try {
      const outcomes = await this.#outcomes(running);
      if (!signal.aborted) this.#finished(running, outcomes);
    } catch (error) {
      if (!signal.aborted) this.#returned(lease, error);
    } finally {
      this.#running.delete(lease.bundle);
      this.#fill();
    }
  }

  async #outcomes(running: Running): Promise<Uint8Array[]> {
    const { lease, job, stop } = running;
    const runtime = this.#runtimes.get(job.runtime);
    if (runtime === undefined) throw new ProtocolError("runtime_unknown", `${job.runtime} is not offered here`);
    const outcomes = await runtime.run({
      program: await this.parts.blobs.fetch(job.program),
      programDigest: job.program,
      entry: job.entry,
      limits: job.limits,
      arguments: await Promise.all(lease.arguments.map((argument) => this.parts.blobs.argument(argument))),
      signal: stop.signal,
      begun: () => {
        running.startedAt = this.parts.now();
      },
    });
    return stop.signal.aborted ? outcomes : this.#reportable(outcomes);
  }

  /** Outcomes that do not fit a frame are uploaded, the largest first. */
  async #reportable(outcomes: Uint8Array[]): Promise<Uint8Array[]> {
    const bySize = outcomes.map((each, place) => ({ place, size: each.length })).sort((a, b) => b.size - a.size);
    for (const { place, size } of bySize) {
      if (size <= INLINE_BYTES && wireBytes(outcomes) <= REPORT_BYTES) break;
      outcomes[place] = await this.parts.blobs.publish(outcomes[place] ?? new Uint8Array());
    }
    return outcomes;
  }

  #finished({ lease, startedAt }: Running, outcomes: Uint8Array[]): void {
    this.totals.executed += outcomes.length;
    const runUs = Math.max(1, Math.round((this.parts.now() - startedAt) * 1e6));
    this.parts.link.perform(this.parts.session.finished(lease.bundle, outcomes, runUs));
    this.parts.link.resultsWait(this.#running.size > 1 || this.#queue.length > 0);
    this.parts.ran?.({ bundle: lease.bundle, tasks: outcomes.length });
  }

  #returned(lease: Lease, error: unknown): void {
    const code = error instanceof ProtocolError ? error.code : "node_error";
    const message = error instanceof Error ? error.message : String(error);
    this.parts.link.perform(this.parts.session.giveBack([lease.bundle], code, message));
    this.parts.ran?.({ bundle: lease.bundle, code, message });
  }
}
