// One task of the wasm runtime: a fresh instance of the program, its argument on standard input, an encoded outcome out.
// Twin of src/we1web/agent/wasm/worker.py: the same bytes and the same count, whatever engine runs it.

import { sha256 } from "@noble/hashes/sha2.js";
import type { Limits } from "../messages.gen";
import * as outcome from "../outcome";
import { Exit, Host, OutputLimit } from "./wasi";

const WASI = "wasi_snapshot_preview1";
const COUNTER = "we1_counter";
const UNFIT = "number not representable as an integer";
/** What V8 says, and the words that all engines can be brought to say. */
const TRAPS: readonly (readonly [RegExp, string])[] = [
  [/^unreachable/, "unreachable executed"],
  [/memory access out of bounds|data segment/, "memory access out of bounds"],
  [/^table|table index|element segment/, "table access out of bounds"],
  [/null function|signature mismatch/, "indirect call to null or to another signature"],
  [/divide result unrepresentable|float unrepresentable/, UNFIT],
  [/divide by zero|remainder by zero/, "integer divide by zero"],
];

/** The task ended in a way that depends on the machine; `code` says how. */
class NoOutcome extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** The 64 bits that seed a task's randomness: a function of program and argument alone. */
export function seedOf(programDigest: Uint8Array, argument: Uint8Array): bigint {
  const prefix = new TextEncoder().encode("we1web seed v1");
  const digest = sha256(Uint8Array.of(...prefix, ...programDigest, ...argument));
  return new DataView(digest.buffer, digest.byteOffset).getBigUint64(0, true);
}

/** The encoded outcome of one task. Never throws for what the program does. */
export function runTask(module: WebAssembly.Module, limits: Limits, seed: bigint, stdin: Uint8Array): Uint8Array {
  const host = new Host(stdin, seed, limits.output_bytes);
  try {
    return run(module, limits, host);
  } catch (error) {
    if (error instanceof NoOutcome) return outcome.none(error.code);
    throw error;
  }
}

function run(module: WebAssembly.Module, limits: Limits, host: Host): Uint8Array {
  const { start, counter } = instantiate(module, host);
  let failure = call(start);
  const used = counter === undefined ? 0n : BigInt(limits.instructions) - (counter.value as bigint);
  if (used > BigInt(limits.instructions)) {
    const message = `the job allows ${limits.instructions} instructions a task`;
    failure = { type: "OutOfInstructions", message };
  }
  if (failure === undefined) return outcome.value(host.stdout.bytes(), used);
  const traceback = new TextDecoder("utf-8", { ignoreBOM: true }).decode(host.stderr.bytes());
  return outcome.error({ ...failure, traceback }, used);
}

function instantiate(module: WebAssembly.Module, host: Host) {
  const names = WebAssembly.Module.imports(module).map(({ name }) => name);
  let exports: WebAssembly.Exports;
  try {
    exports = new WebAssembly.Instance(module, { [WASI]: host.imports(names) }).exports;
  } catch {
    throw new NoOutcome("program_refused");
  }
  const { memory, _start: start, [COUNTER]: counter } = exports;
  if (!(memory instanceof WebAssembly.Memory) || typeof start !== "function") throw new NoOutcome("program_refused");
  host.memory = memory;
  return { start, counter: counter instanceof WebAssembly.Global ? counter : undefined };
}

interface Failure {
  readonly type: string;
  readonly message: string;
}

function call(start: CallableFunction): Failure | undefined {
  try {
    start();
  } catch (error) {
    if (error instanceof Exit) {
      return error.status === 0 ? undefined : { type: "ExitCode", message: `exit code ${error.status}` };
    }
    if (error instanceof OutputLimit) {
      return { type: "OutputLimitError", message: "the program wrote more than the job allows" };
    }
    return trapped(error);
  }
  return undefined;
}

/** Throws NoOutcome for a full stack: how deep a program can call differs from engine to engine. */
function trapped(error: unknown): Failure {
  if (error instanceof RangeError) throw new NoOutcome("stack_limit");
  if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  const words = TRAPS.find(([pattern]) => pattern.test(error.message))?.[1];
  return { type: "Trap", message: words ?? "trapped" };
}
