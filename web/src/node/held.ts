// What a node holds for a coordinator: leases with the grants that prove them, and results not yet acknowledged. Plain
// bookkeeping for session.ts, the twin of src/we1web/protocol/held.py. It must never decide what to send when.

import { ProtocolError } from "./codec";
import {
  type Complete,
  type Held,
  INLINE_BYTES,
  type Lease,
  MAX_FRAME_BYTES,
  MAX_REPORTS_PER_FRAME,
  MAX_RESUMED_IDS,
  type Report,
} from "./messages.gen";

/** The most one bundle's outcomes may take on the wire; the node turns larger ones into blobs before it reports. */
export const REPORT_BYTES = MAX_FRAME_BYTES - (64 << 10);
const REPORT_OVERHEAD_BYTES = 32;
const OUTCOME_OVERHEAD_BYTES = 5;

/** The proof that came with one frame of leases, kept while one of them is held. */
interface Grant {
  readonly mac: Uint8Array;
  readonly granted: readonly number[];
  readonly held: Set<number>;
}

interface Hold {
  readonly lease: Lease;
  readonly grant: Grant;
  deadline: number;
}

/** Leases that have not ended, by bundle, in the order they came. */
export class Holdings {
  readonly #holds = new Map<number, Hold>();

  get size(): number {
    return this.#holds.size;
  }

  has(bundle: number): boolean {
    return this.#holds.has(bundle);
  }

  bundles(): number[] {
    return [...this.#holds.keys()];
  }

  lease(bundle: number): Lease | undefined {
    return this.#holds.get(bundle)?.lease;
  }

  /** Remembers the leases of one frame; returns those that are new here. */
  add(mac: Uint8Array, leases: readonly Lease[], now: number): Lease[] {
    const grant: Grant = { mac, granted: leases.map((lease) => lease.bundle), held: new Set() };
    const fresh = leases.filter((lease) => !this.#holds.has(lease.bundle));
    for (const lease of fresh) {
      this.#holds.set(lease.bundle, { lease, grant, deadline: now + lease.deadline_ms / 1_000 });
      grant.held.add(lease.bundle);
    }
    return fresh;
  }

  remove(bundle: number): boolean {
    this.#holds.get(bundle)?.grant.held.delete(bundle);
    return this.#holds.delete(bundle);
  }

  /** An honoured lease has its whole time again. */
  extend(bundle: number, now: number): number {
    const hold = this.#holds.get(bundle);
    if (hold === undefined) throw new Error(`bundle ${bundle} is not held`);
    hold.deadline = now + hold.lease.deadline_ms / 1_000;
    return hold.deadline;
  }

  expired(now: number): number[] {
    return [...this.#holds].filter(([, hold]) => hold.deadline <= now).map(([bundle]) => bundle);
  }

  /** The proofs for everything held. A lease without a proof, or beyond the limit, is not resumed. */
  resume(): Held[] {
    const grants = new Set([...this.#holds.values()].map((hold) => hold.grant).filter((grant) => grant.mac.length > 0));
    const resumed: Held[] = [];
    let room = MAX_RESUMED_IDS;
    for (const grant of grants) {
      room -= grant.granted.length + grant.held.size;
      if (room < 0) break;
      resumed.push({ grant: grant.mac, granted: grant.granted, held: [...grant.held] });
    }
    return resumed;
  }
}

/** Reports on their way: queued, then sent under a number until that number is acknowledged. */
export class Outbox {
  lastSeq = 0;
  readonly #queue = new Map<number, Report>();
  readonly #sent = new Map<number, Map<number, Report>>();
  readonly #seqOf = new Map<number, number>();

  get waiting(): number {
    return this.#queue.size;
  }

  has(bundle: number): boolean {
    return this.#queue.has(bundle) || this.#seqOf.has(bundle);
  }

  add(report: Report): void {
    this.#queue.set(report.bundle, report);
  }

  /** Moves the queue into numbered frames. */
  take(): Complete[] {
    const frames = packed([...this.#queue.values()]).map((reports) => this.#number(reports));
    this.#queue.clear();
    return frames;
  }

  /** Forgets every frame up to `ack`; returns the bundles that were in them. */
  acknowledge(ack: number): number[] {
    const frames = [...this.#sent].filter(([seq]) => seq <= ack);
    const bundles = frames.flatMap(([, reports]) => [...reports.keys()]);
    for (const [seq] of frames) this.#sent.delete(seq);
    for (const bundle of bundles) this.#seqOf.delete(bundle);
    return bundles;
  }

  /** These reports are not wanted any more, sent or not. */
  forget(bundles: readonly number[]): void {
    for (const bundle of bundles) {
      this.#queue.delete(bundle);
      const seq = this.#seqOf.get(bundle);
      if (seq === undefined) continue;
      this.#seqOf.delete(bundle);
      const reports = this.#sent.get(seq);
      reports?.delete(bundle);
      if (reports?.size === 0) this.#sent.delete(seq);
    }
  }

  /** What was sent and not acknowledged, under its old numbers. */
  resend(): Complete[] {
    return [...this.#sent].map(([seq, reports]) => ({ tag: "task:complete", seq, reports: [...reports.values()] }));
  }

  #number(reports: readonly Report[]): Complete {
    this.lastSeq += 1;
    this.#sent.set(this.lastSeq, new Map(reports.map((report) => [report.bundle, report])));
    for (const report of reports) this.#seqOf.set(report.bundle, this.lastSeq);
    return { tag: "task:complete", seq: this.lastSeq, reports };
  }
}

/** An upper bound of what a report of these outcomes takes inside a frame. */
export function wireBytes(outcomes: readonly Uint8Array[]): number {
  return outcomes.reduce((sum, outcome) => sum + outcome.length + OUTCOME_OVERHEAD_BYTES, REPORT_OVERHEAD_BYTES);
}

/** Throws ProtocolError for a report that the coordinator would refuse together with its whole frame. */
export function checkReport(report: Report, lease: Lease): void {
  const { outcomes } = report;
  if (outcomes.length !== lease.arguments.length) {
    throw new ProtocolError("bad_report", `${outcomes.length} outcomes for ${lease.arguments.length} tasks`);
  }
  if (outcomes.some((outcome) => outcome.length > INLINE_BYTES + 64)) {
    throw new ProtocolError("bad_report", "an outcome above the inline limit", "upload it as a blob first");
  }
  if (wireBytes(outcomes) > REPORT_BYTES) {
    throw new ProtocolError("bad_report", "the outcomes do not fit one frame", "upload the largest as blobs");
  }
}

function packed(reports: readonly Report[]): Report[][] {
  const batches: Report[][] = [];
  let room = 0;
  for (const report of reports) {
    const size = wireBytes(report.outcomes);
    const batch = batches.at(-1);
    if (batch === undefined || size > room || batch.length === MAX_REPORTS_PER_FRAME) {
      batches.push([report]);
      room = REPORT_BYTES - size;
    } else {
      batch.push(report);
      room -= size;
    }
  }
  return batches;
}
