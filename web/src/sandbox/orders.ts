// What is said across the walls of the sandbox: orders to its frame, what a worker starts with, and what a worker is
// asked. A worker answers in bytes only, as the native sandbox does: "ready"; then nothing (an empty frame) when the
// program is loaded, or the outcome that all of its tasks have; then an outcome per task.

export type Order =
  | { order: "keep"; name: string; as: "script" | "module" | "bytes"; bytes: Uint8Array<ArrayBuffer> }
  | { order: "start"; process: number; script: string; files: readonly string[]; port: MessagePort }
  | { order: "kill"; process: number };

export type News =
  | { news: "kept"; name: string }
  | { news: "died"; process: number; message: string }
  | { news: "broken"; message: string };

/** The one message a worker gets from its frame. */
export interface Parcel {
  readonly files: Readonly<Record<string, unknown>>;
  readonly port: MessagePort;
}

/** First what the bundle is of, then its tasks. */
export interface Header {
  readonly program: Uint8Array;
  readonly programName: string;
  readonly entry: string;
  readonly outputBytes: number;
  readonly instructions: number;
}

export interface Task {
  readonly seed: bigint;
  readonly argument: Uint8Array;
}

export type Ask = { readonly load: Header } | { readonly task: Task };

export const READY = new TextEncoder().encode("ready");
