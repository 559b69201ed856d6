// The `wasm` runtime of a tab: V8 in confined workers that are used again and again, one fresh instance per task.

import wasmWorker from "../../sandbox/wasm_worker.ts?classic";
import { Bundle } from "../bundle";
import { ProcessPool } from "../process_pool";
import type { Runtime, Work } from "../runtime";
import type { Sandbox } from "../sandbox";

const SCRIPT = "wasm worker";

export class WasmRuntime implements Runtime {
  readonly id = "wasm-1";
  readonly #pool: ProcessPool;

  constructor(
    private readonly sandbox: Sandbox,
    cores: number,
  ) {
    this.#pool = new ProcessPool(() => this.sandbox.start(SCRIPT, []), cores);
  }

  async start(): Promise<void> {
    await this.sandbox.keep(SCRIPT, "script", new TextEncoder().encode(wasmWorker));
    await this.#pool.start();
  }

  run(work: Work): Promise<Uint8Array[]> {
    return new Bundle(work, this.#pool, true).run();
  }

  close(): void {
    this.#pool.close();
  }
}
