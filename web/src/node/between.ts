// What a page and its node's worker say to each other, and what the page shows of it. Values only.

import type { Reason, Rules } from "./budget";
import type { Manifest } from "./runtime_files";

export interface Setup {
  readonly origin: string;
  readonly token: string;
  /** The id this device got before; empty the first time. */
  readonly node: string;
  readonly name: string;
  readonly platform: string;
  readonly memoryBytes: number;
  readonly country: string;
  readonly deviceCores: number;
  readonly rules: Rules;
  /** Its owner had paused it when the page was last open. */
  readonly paused: boolean;
  readonly manifest: Manifest;
}

/** What a page can sense and a worker cannot. Undefined: the browser does not tell. */
export interface Senses {
  readonly onBattery: boolean | undefined;
  readonly charge: number | undefined;
  readonly userIdleS: number | undefined;
}

export type ToWorker =
  | { tell: "begin"; setup: Setup; sandbox: MessagePort }
  | { tell: "token"; token: string }
  | { tell: "rules"; rules: Rules }
  | { tell: "country"; country: string }
  | { tell: "senses"; senses: Senses }
  /** The owner pauses, or goes on. */
  | { tell: "pause"; paused: boolean }
  /** The network came back. */
  | { tell: "hurry" }
  /** Finish what runs, then end. */
  | { tell: "stop" }
  /** The page is about to be frozen: what has not started goes back. */
  | { tell: "freeze" }
  /** The page closes, or another tab takes over: everything goes back. */
  | { tell: "leave" };

export interface RunningTask {
  readonly bundle: number;
  readonly tasks: number;
  /** The requester's public name; may be empty. */
  readonly requester: string;
  readonly job: string;
  readonly purpose: string;
  readonly runtime: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: "info" | "earned" | "warning" | "error";
  readonly code: LogCode;
  readonly values: Readonly<Record<string, string | number>>;
}

export type LogCode =
  | "started"
  | "connected"
  | "disconnected"
  | "paused"
  | "resumed"
  | "earned"
  | "rejected"
  | "returned"
  | "runtime_missing"
  | "problem"
  | "stopped";

export type WorkerState = "starting" | "connecting" | "working" | "waiting" | "paused" | "stopping";

export interface Status {
  readonly state: WorkerState;
  readonly reason: Reason | undefined;
  readonly node: string;
  readonly name: string;
  readonly cores: number;
  readonly running: readonly RunningTask[];
  readonly executed: number;
  readonly paid: number;
  readonly rejected: number;
  readonly earnedMicros: number;
  /** Bytes, while files are fetched. */
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  /** Short names of the runtimes that work here. */
  readonly runtimes: readonly string[];
}

export type FromWorker =
  | { told: "status"; status: Status }
  | { told: "log"; line: LogLine }
  /** The token was refused: is there a newer one? */
  | { told: "token" }
  | { told: "ended"; problem: Problem | undefined };
