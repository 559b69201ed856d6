// A job's first inputs, run in this page: the same sandbox and the same runtime as in a node, without a node. Loaded when
// it is asked for. It must leave neither a worker nor a frame behind.

import { decode as unpack } from "@msgpack/msgpack";
import { sha256 } from "@noble/hashes/sha2.js";
import { openSandbox } from "../../node/frame";
import { ERROR, HEADER_BYTES, VALUE } from "../../node/outcome";
import type { Runtime } from "../../node/runtime";
import { digestOf, Files } from "../../node/runtime_files";
import { PythonRuntime } from "../../node/runtimes/python";
import { WasmRuntime } from "../../node/runtimes/wasm";
import { Sandbox } from "../../node/sandbox";
import { PYTHON_MANIFEST } from "../../node/shipped";
import { decode } from "../../values/decode";
import { show } from "../../values/show";

const OUTPUT_BYTES = 16 << 20;
const MEMORY_BYTES = 512 << 20;
/** As many as a job allows unless it says otherwise; not counted here. */
const INSTRUCTIONS = 100_000_000_000;

export interface Trial {
  readonly runtime: "python" | "wasm";
  readonly program: Uint8Array;
  readonly entry: string;
  readonly inputs: readonly Uint8Array[];
  readonly wallMs: number;
}

export type Tried =
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "bytes"; readonly size: number }
  | { readonly kind: "error"; readonly text: string; readonly trace: string }
  /** A limit was hit, or the runtime died. */
  | { readonly kind: "nothing" };

export type TrialStep =
  | { readonly step: "fetching"; readonly done: number; readonly total: number }
  | { readonly step: "starting" }
  | { readonly step: "running" };

export interface TrialResult {
  readonly outcomes: readonly Tried[];
  readonly seconds: number;
}

/** Throws RuntimeBroken when the sandbox does not start on this device; rejects when `signal` aborts. */
export async function tryHere(
  trial: Trial,
  onStep: (step: TrialStep) => void,
  signal: AbortSignal,
): Promise<TrialResult> {
  onStep({ step: "starting" });
  const { frame, port } = await openSandbox(location.origin);
  const sandbox = new Sandbox(port, after);
  const runtime = runtimeOf(trial, sandbox, onStep);
  const ended = () => {
    runtime.close();
    sandbox.close();
    frame.remove();
  };
  signal.addEventListener("abort", ended, { once: true });
  try {
    await runtime.start();
    signal.throwIfAborted();
    return await run(runtime, trial, onStep, signal);
  } finally {
    ended();
  }
}

function runtimeOf({ runtime }: Trial, sandbox: Sandbox, onStep: (step: TrialStep) => void): Runtime {
  if (runtime === "wasm") return new WasmRuntime(sandbox, 1);
  const shop = { fetch: (path: string) => fetch(path), caches: globalThis.caches, digest: digestOf };
  const files = new Files(PYTHON_MANIFEST, shop, (done, total) =>
    onStep(done < total ? { step: "fetching", done, total } : { step: "starting" }),
  );
  return new PythonRuntime(sandbox, 1, files);
}

async function run(
  runtime: Runtime,
  trial: Trial,
  onStep: (step: TrialStep) => void,
  signal: AbortSignal,
): Promise<TrialResult> {
  let begun = performance.now();
  const outcomes = await runtime.run({
    program: trial.program,
    programDigest: sha256(trial.program),
    entry: trial.entry,
    limits: {
      wall_ms: trial.wallMs,
      memory_bytes: MEMORY_BYTES,
      output_bytes: OUTPUT_BYTES,
      instructions: INSTRUCTIONS,
    },
    arguments: trial.inputs,
    signal,
    begun: () => {
      begun = performance.now();
      onStep({ step: "running" });
    },
  });
  signal.throwIfAborted();
  return {
    outcomes: outcomes.map((outcome) => told(outcome, trial.runtime)),
    seconds: (performance.now() - begun) / 1_000,
  };
}

function after(seconds: number, act: () => void): () => void {
  const timer = setTimeout(act, seconds * 1_000);
  return () => clearTimeout(timer);
}

export function told(outcome: Uint8Array, runtime: Trial["runtime"]): Tried {
  const payload = outcome.subarray(HEADER_BYTES);
  if (outcome[0] === ERROR) return failure(payload);
  if (outcome[0] !== VALUE) return { kind: "nothing" };
  try {
    const text =
      runtime === "python" ? show(decode(payload)) : new TextDecoder("utf-8", { fatal: true }).decode(payload);
    return { kind: "value", text };
  } catch {
    return { kind: "bytes", size: payload.length };
  }
}

function failure(payload: Uint8Array): Tried {
  const [type, message, trace] = unpack(payload) as [string, string, string];
  return { kind: "error", text: message ? `${type}: ${message}` : type, trace };
}
