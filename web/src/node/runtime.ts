// The contract of a runtime: bundles of a stranger's tasks in, one encoded outcome per argument out. Whatever a task does
// ends as an outcome; a runtime must never reject for a task's fault, and never answer for a task that it did not run.

import { ProtocolError } from "./codec";
import type { Limits } from "./messages.gen";

export interface Work {
  readonly program: Uint8Array;
  readonly programDigest: Uint8Array;
  readonly entry: string;
  readonly limits: Limits;
  /** Bare payloads, in order. */
  readonly arguments: readonly Uint8Array[];
  /** Aborted when the lease is over: kill what runs. */
  readonly signal: AbortSignal;
}

export interface Runtime {
  /** Exact id: nodes with the same id give the same bytes for the same task. */
  readonly id: string;
  run(work: Work): Promise<Uint8Array[]>;
}

/** The runtime itself cannot work on this device; no task is to blame and the bundle is given back. */
export class RuntimeBroken extends ProtocolError {
  constructor(message: string) {
    super("runtime_broken", message);
  }
}
