// What a node's session asks its shell to do, or tells it. Values only: nothing here may act.

import type { Completed, JobInfo, Lease } from "./messages.gen";

/** How a lease ended. Every lease the application was given ends exactly once, in one of these ways. */
export type End = "acknowledged" | "refused" | "cancelled" | "dropped" | "expired" | "returned";

export type Effect =
  /** Put this frame on the wire, after those before it. */
  | { effect: "Send"; frame: Uint8Array }
  /** Registered, or the node's status changed while it works. */
  | { effect: "Ready"; node: string; name: string; status: string }
  /** A bundle to run; `deadline` is a time of the shell's clock, in seconds. */
  | { effect: "Leased"; lease: Lease; job: JobInfo; deadline: number }
  /** The lease survived a reconnect and has a new deadline. */
  | { effect: "Extended"; bundle: number; deadline: number }
  /** The lease is over: stop what still runs for it and forget it. */
  | { effect: "Ended"; bundle: number; end: End; code: string }
  /** Votes of this node were judged; the message says what they earned. */
  | { effect: "Judged"; completed: Completed }
  /** The other side refused something, or broke a rule. A fatal one is followed by a Hangup. */
  | { effect: "Problem"; code: string; message: string; hint: string; fatal: boolean }
  /** Close the connection. `drained`: on purpose, there is nothing left to do. */
  | { effect: "Hangup"; close_code: number; reason: string; drained: boolean };
