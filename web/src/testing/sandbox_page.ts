// A page for tests: the sandbox and the runtimes of the tab, without a coordinator's work, driven from outside. Bytes
// travel in hexadecimal.

import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { openSandbox } from "../node/frame";
import type { Runtime } from "../node/runtime";
import { digestOf, Files } from "../node/runtime_files";
import { PythonRuntime } from "../node/runtimes/python";
import { WasmRuntime } from "../node/runtimes/wasm";
import { Sandbox } from "../node/sandbox";
import { PYTHON_MANIFEST } from "../node/shipped";

interface Bundle {
  runtime: string;
  program: string;
  digest: string;
  entry: string;
  limits: { wall_ms: number; memory_bytes: number; output_bytes: number; instructions: number };
  arguments: string[];
}

const PROBE = "probe";
const runtimes = new Map<string, Runtime>();
let sandbox: Sandbox;

async function open(cores: number): Promise<void> {
  const { port } = await openSandbox(location.origin);
  sandbox = new Sandbox(port, (seconds, act) => {
    const timer = setTimeout(act, seconds * 1_000);
    return () => clearTimeout(timer);
  });
  const shop = { fetch: (path: string) => fetch(path), caches: undefined, digest: digestOf };
  const offered = [
    new WasmRuntime(sandbox, cores),
    new PythonRuntime(sandbox, cores, new Files(PYTHON_MANIFEST, shop)),
  ];
  for (const runtime of offered) {
    await runtime.start();
    runtimes.set(runtime.id, runtime);
  }
}

async function run(bundle: Bundle): Promise<string[]> {
  const runtime = runtimes.get(bundle.runtime);
  if (runtime === undefined) throw new Error(`there is no ${bundle.runtime} here`);
  const outcomes = await runtime.run({
    program: hexToBytes(bundle.program),
    programDigest: hexToBytes(bundle.digest),
    entry: bundle.entry,
    limits: bundle.limits,
    arguments: bundle.arguments.map(hexToBytes),
    signal: new AbortController().signal,
    begun: () => {},
  });
  return outcomes.map(bytesToHex);
}

/** Runs a script of an attacker as a worker of the sandbox, with all it finds there: asked once, heard `times` times. */
async function probe(script: string, times: number): Promise<string[]> {
  await sandbox.keep(PROBE, "script", new TextEncoder().encode(script));
  const process = await sandbox.start(PROBE, []);
  process.ask({ task: { seed: 0n, argument: new Uint8Array() } });
  const heard: string[] = [];
  try {
    while (heard.length < times) heard.push(new TextDecoder().decode(await process.receive(1 << 20, 60)));
  } catch (error) {
    heard.push(String(error));
  }
  process.kill();
  return heard;
}

Object.assign(window, { tests: { open, run, probe } });
