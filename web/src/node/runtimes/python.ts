// The `python` runtime of a tab: CPython compiled to WebAssembly, restored from a memory snapshot, a fresh confined worker
// per bundle. The files are the coordinator's, held against the digests that this app was built with.

import pythonWorker from "../../sandbox/python_worker.ts?classic";
import { Bundle } from "../bundle";
import { ProcessPool } from "../process_pool";
import type { Runtime, Work } from "../runtime";
import type { Files } from "../runtime_files";
import type { Sandbox } from "../sandbox";

const SCRIPT = "python worker";
const MODULE = "pyodide.asm.wasm";
const NAMES = [
  MODULE,
  "pyodide.asm.mjs",
  "pyodide.mjs",
  "pyodide-lock.json",
  "python_stdlib.zip",
  "snapshot.bin",
] as const;
/** A waiting interpreter takes some 200 MB. */
const MAX_READY = 2;

export class PythonRuntime implements Runtime {
  readonly id: string;
  readonly #pool: ProcessPool;

  constructor(
    private readonly sandbox: Sandbox,
    cores: number,
    private readonly files: Files,
  ) {
    this.id = files.runtime;
    this.#pool = new ProcessPool(() => this.sandbox.start(SCRIPT, NAMES), Math.min(cores, MAX_READY));
  }

  async start(): Promise<void> {
    await this.sandbox.keep(SCRIPT, "script", new TextEncoder().encode(pythonWorker));
    await Promise.all(NAMES.map((name) => this.#keep(name)));
    await this.#pool.start();
  }

  run(work: Work): Promise<Uint8Array[]> {
    return new Bundle(work, this.#pool).run();
  }

  close(): void {
    this.#pool.close();
  }

  async #keep(name: (typeof NAMES)[number]): Promise<void> {
    await this.sandbox.keep(name, name === MODULE ? "module" : "bytes", await this.files.fetch(name));
  }
}
