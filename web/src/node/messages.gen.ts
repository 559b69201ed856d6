// Written by build/web_types from src/we1web/protocol/messages.py. Do not edit.

import type { Struct } from "./shapes";

export const VERSION = 1;
export const SUBPROTOCOL_MSGPACK = "we1web.v1.msgpack";
export const SUBPROTOCOL_JSON = "we1web.v1.json";
export const MAX_FRAME_BYTES = 4194304;
export const INLINE_BYTES = 65536;
export const MAX_BLOB_BYTES = 67108864;
export const MAX_TASKS_PER_BUNDLE = 1000;
export const MAX_REPORTS_PER_FRAME = 1000;
export const MAX_TOKEN_BYTES = 8192;
export const MAX_NAME_CHARS = 100;
export const MAX_DETAIL_CHARS = 4000;
export const MAX_RUNTIMES = 32;
export const MAX_WINDOW = 10000;
export const MAX_CORES = 4096;
export const MAX_CACHED = 1000;
export const MAX_RESUMED_IDS = 100000;
export const CLOSE_REPLACED = 4001;
export const CLOSE_RETIRED = 4002;
export const PERMANENT: readonly string[] = [
  "job_unknown",
  "node_replaced",
  "node_retired",
  "node_unknown",
  "not_operator",
  "scope_missing",
  "token_expired",
  "token_invalid",
  "token_revoked",
  "too_many_nodes",
  "version_unsupported",
];

export interface Hello {
  tag: "hello";
  versions: readonly number[];
  token: string;
  software: string;
}
export const HELLO: Struct = {
  kind: "struct",
  tag: "hello",
  fields: [
    ["versions", { kind: "list", of: { kind: "int" } }],
    ["token", { kind: "str" }],
    ["software", { kind: "str" }, () => ""],
  ],
};

export interface Held {
  grant: Uint8Array;
  granted: readonly number[];
  held: readonly number[];
}
export const HELD: Struct = {
  kind: "struct",
  fields: [
    ["grant", { kind: "bin" }],
    ["granted", { kind: "list", of: { kind: "int" } }],
    ["held", { kind: "list", of: { kind: "int" } }],
  ],
};

export interface Register {
  tag: "node:register";
  node: string;
  name: string;
  cores: number;
  memory_bytes: number;
  runtimes: readonly string[];
  speed: number;
  window: number;
  platform: string;
  resume: readonly Held[];
  gpu: string;
  country: string;
  floor_micros_per_h: number;
  cached: readonly Uint8Array[];
  referee: string;
}
export const REGISTER: Struct = {
  kind: "struct",
  tag: "node:register",
  fields: [
    ["node", { kind: "str" }],
    ["name", { kind: "str" }],
    ["cores", { kind: "int" }],
    ["memory_bytes", { kind: "int" }],
    ["runtimes", { kind: "list", of: { kind: "str" } }],
    ["speed", { kind: "float" }],
    ["window", { kind: "int" }],
    ["platform", { kind: "str" }, () => ""],
    ["resume", { kind: "list", of: HELD }, () => []],
    ["gpu", { kind: "str" }, () => ""],
    ["country", { kind: "str" }, () => ""],
    ["floor_micros_per_h", { kind: "int" }, () => 0],
    ["cached", { kind: "list", of: { kind: "bin" } }, () => []],
    ["referee", { kind: "str" }, () => ""],
  ],
};

export interface Heartbeat {
  tag: "node:heartbeat";
  running: number;
  queued: number;
  load: number;
  accepting: boolean;
  reason: string;
  rtt_ms: number;
}
export const HEARTBEAT: Struct = {
  kind: "struct",
  tag: "node:heartbeat",
  fields: [
    ["running", { kind: "int" }],
    ["queued", { kind: "int" }],
    ["load", { kind: "float" }],
    ["accepting", { kind: "bool" }, () => true],
    ["reason", { kind: "str" }, () => ""],
    ["rtt_ms", { kind: "float" }, () => 0.0],
  ],
};

export interface Report {
  bundle: number;
  outcomes: readonly Uint8Array[];
  run_us: number;
}
export const REPORT: Struct = {
  kind: "struct",
  fields: [
    ["bundle", { kind: "int" }],
    ["outcomes", { kind: "list", of: { kind: "bin" } }],
    ["run_us", { kind: "int" }],
  ],
};

export interface Complete {
  tag: "task:complete";
  seq: number;
  reports: readonly Report[];
}
export const COMPLETE: Struct = {
  kind: "struct",
  tag: "task:complete",
  fields: [
    ["seq", { kind: "int" }],
    ["reports", { kind: "list", of: REPORT }],
  ],
};

export interface Failed {
  tag: "task:failed";
  bundles: readonly number[];
  code: string;
  detail: string;
}
export const FAILED: Struct = {
  kind: "struct",
  tag: "task:failed",
  fields: [
    ["bundles", { kind: "list", of: { kind: "int" } }],
    ["code", { kind: "str" }],
    ["detail", { kind: "str" }, () => ""],
  ],
};

export interface Drain {
  tag: "node:drain";
  reason: string;
}
export const DRAIN: Struct = {
  kind: "struct",
  tag: "node:drain",
  fields: [
    ["reason", { kind: "str" }, () => ""],
  ],
};

export interface Subscribe {
  tag: "job:subscribe";
  job: string;
}
export const SUBSCRIBE: Struct = {
  kind: "struct",
  tag: "job:subscribe",
  fields: [
    ["job", { kind: "str" }],
  ],
};

export interface Unsubscribe {
  tag: "job:unsubscribe";
  job: string;
}
export const UNSUBSCRIBE: Struct = {
  kind: "struct",
  tag: "job:unsubscribe",
  fields: [
    ["job", { kind: "str" }],
  ],
};

export interface Welcome {
  tag: "welcome";
  version: number;
  heartbeat_s: number;
  software: string;
}
export const WELCOME: Struct = {
  kind: "struct",
  tag: "welcome",
  fields: [
    ["version", { kind: "int" }],
    ["heartbeat_s", { kind: "float" }],
    ["software", { kind: "str" }],
  ],
};

export interface Registered {
  tag: "node:registered";
  node: string;
  name: string;
  status: string;
  honoured: readonly number[];
}
export const REGISTERED: Struct = {
  kind: "struct",
  tag: "node:registered",
  fields: [
    ["node", { kind: "str" }],
    ["name", { kind: "str" }],
    ["status", { kind: "str" }],
    ["honoured", { kind: "list", of: { kind: "int" } }],
  ],
};

export interface Lease {
  bundle: number;
  job: number;
  arguments: readonly Uint8Array[];
  deadline_ms: number;
}
export const LEASE: Struct = {
  kind: "struct",
  fields: [
    ["bundle", { kind: "int" }],
    ["job", { kind: "int" }],
    ["arguments", { kind: "list", of: { kind: "bin" } }],
    ["deadline_ms", { kind: "int" }],
  ],
};

export interface Limits {
  wall_ms: number;
  memory_bytes: number;
  output_bytes: number;
  instructions: number;
}
export const LIMITS: Struct = {
  kind: "struct",
  fields: [
    ["wall_ms", { kind: "int" }],
    ["memory_bytes", { kind: "int" }],
    ["output_bytes", { kind: "int" }],
    ["instructions", { kind: "int" }],
  ],
};

export interface JobInfo {
  job: number;
  runtime: string;
  program: Uint8Array;
  entry: string;
  limits: Limits;
  requester: string;
  name: string;
  purpose: string;
}
export const JOB_INFO: Struct = {
  kind: "struct",
  fields: [
    ["job", { kind: "int" }],
    ["runtime", { kind: "str" }],
    ["program", { kind: "bin" }],
    ["entry", { kind: "str" }],
    ["limits", LIMITS],
    ["requester", { kind: "str" }, () => ""],
    ["name", { kind: "str" }, () => ""],
    ["purpose", { kind: "str" }, () => ""],
  ],
};

export interface Refusal {
  bundle: number;
  code: string;
}
export const REFUSAL: Struct = {
  kind: "struct",
  fields: [
    ["bundle", { kind: "int" }],
    ["code", { kind: "str" }],
  ],
};

export interface Assigned {
  tag: "task:assigned";
  ack: number;
  leases: readonly Lease[];
  jobs: readonly JobInfo[];
  grant: Uint8Array;
  refused: readonly Refusal[];
}
export const ASSIGNED: Struct = {
  kind: "struct",
  tag: "task:assigned",
  fields: [
    ["ack", { kind: "int" }],
    ["leases", { kind: "list", of: LEASE }, () => []],
    ["jobs", { kind: "list", of: JOB_INFO }, () => []],
    ["grant", { kind: "bin" }, () => new Uint8Array()],
    ["refused", { kind: "list", of: REFUSAL }, () => []],
  ],
};

export interface Cancel {
  tag: "task:cancel";
  bundles: readonly number[];
  code: string;
}
export const CANCEL: Struct = {
  kind: "struct",
  tag: "task:cancel",
  fields: [
    ["bundles", { kind: "list", of: { kind: "int" } }],
    ["code", { kind: "str" }],
  ],
};

export interface Completed {
  tag: "task:completed";
  job: string;
  indexes: readonly number[];
  states: readonly string[];
  outcomes: readonly Uint8Array[];
  votes: readonly number[];
  paid: number;
  rejected: number;
  earned_micros: number;
  pooled_micros: number;
}
export const COMPLETED: Struct = {
  kind: "struct",
  tag: "task:completed",
  fields: [
    ["job", { kind: "str" }],
    ["indexes", { kind: "list", of: { kind: "int" } }, () => []],
    ["states", { kind: "list", of: { kind: "str" } }, () => []],
    ["outcomes", { kind: "list", of: { kind: "bin" } }, () => []],
    ["votes", { kind: "list", of: { kind: "int" } }, () => []],
    ["paid", { kind: "int" }, () => 0],
    ["rejected", { kind: "int" }, () => 0],
    ["earned_micros", { kind: "int" }, () => 0],
    ["pooled_micros", { kind: "int" }, () => 0],
  ],
};

export interface JobProgress {
  tag: "job:progress";
  job: string;
  state: string;
  total: number;
  verified: number;
  failed: number;
  spent_micros: number;
  executions: number;
  waiting: string;
}
export const JOB_PROGRESS: Struct = {
  kind: "struct",
  tag: "job:progress",
  fields: [
    ["job", { kind: "str" }],
    ["state", { kind: "str" }],
    ["total", { kind: "int" }],
    ["verified", { kind: "int" }],
    ["failed", { kind: "int" }],
    ["spent_micros", { kind: "int" }],
    ["executions", { kind: "int" }],
    ["waiting", { kind: "str" }, () => ""],
  ],
};

export interface ErrorMessage {
  tag: "error";
  code: string;
  message: string;
  hint: string;
  fatal: boolean;
}
export const ERROR_MESSAGE: Struct = {
  kind: "struct",
  tag: "error",
  fields: [
    ["code", { kind: "str" }],
    ["message", { kind: "str" }],
    ["hint", { kind: "str" }, () => ""],
    ["fatal", { kind: "bool" }, () => false],
  ],
};

export interface PaymentProcessed {
  tag: "payment:processed";
  payout: string;
  state: string;
  currency: string;
  gross_micros: number;
  net_micros: number;
  reason: string;
}
export const PAYMENT_PROCESSED: Struct = {
  kind: "struct",
  tag: "payment:processed",
  fields: [
    ["payout", { kind: "str" }],
    ["state", { kind: "str" }],
    ["currency", { kind: "str" }],
    ["gross_micros", { kind: "int" }],
    ["net_micros", { kind: "int" }],
    ["reason", { kind: "str" }, () => ""],
  ],
};

export type ClientMessage = Hello | Register | Heartbeat | Complete | Failed | Drain | Subscribe | Unsubscribe;

export type ServerMessage = Welcome | Registered | Assigned | Cancel | Completed | JobProgress | ErrorMessage | PaymentProcessed;

export const CLIENT_MESSAGES: readonly Struct[] = [HELLO, REGISTER, HEARTBEAT, COMPLETE, FAILED, DRAIN, SUBSCRIBE, UNSUBSCRIBE];

export const SERVER_MESSAGES: readonly Struct[] = [WELCOME, REGISTERED, ASSIGNED, CANCEL, COMPLETED, JOB_PROGRESS, ERROR_MESSAGE, PAYMENT_PROCESSED];
