// The contract of a runtime: bundles of a stranger's tasks in, one encoded outcome per argument out. Whatever a task does
// ends as an outcome; a runtime must never reject for a task's fault, and never answer for a task that it did not run.

import { ProtocolError } from "./codec";
import type { Limits } from "./messages.gen";

/** Codes of NONE outcomes. Each depends on the machine, so none of them is a vote. */
export const TIME_LIMIT = "time_limit";
export const RUNTIME_DIED = "runtime_died";
export const OUTPUT_LIMIT = "output_limit";
export const BUNDLE_OUTPUT_LIMIT = "bundle_output_limit";

export interface Work {
  readonly program: Uint8Array;
  readonly programDigest: Uint8Array;
  readonly entry: string;
  readonly limits: Limits;
  /** Bare payloads, in order. */
  readonly arguments: readonly Uint8Array[];
  /** Aborted when the lease is over: kill what runs. */
  readonly signal: AbortSignal;
  /** The program is loaded and its first task starts: what was before is the node's time, not the tasks'. */
  begun(): void;
}

export interface Runtime {
  /** Exact id: nodes with the same id give the same bytes for the same task. */
  readonly id: string;
  /** Gets ready: files, warm processes. Throws RuntimeBroken. */
  start(): Promise<void>;
  run(work: Work): Promise<Uint8Array[]>;
  close(): void;
}

/** The runtime itself cannot work on this device; no task is to blame and the bundle is given back. */
export class RuntimeBroken extends ProtocolError {
  constructor(message: string, hint = "") {
    super("runtime_broken", message, hint);
  }
}
