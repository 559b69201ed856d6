// A warm worker of the wasm runtime: compiles a module once while it is in use, a fresh instance for every task. Nothing
// of a task outlives it, so the worker serves bundle after bundle.

import type { Limits } from "../node/messages.gen";
import { none } from "../node/outcome";
import { runTask } from "../node/wasm/task";
import type { Header } from "./orders";
import { live } from "./process";

const KEPT_MODULES = 4;

live(async () => {
  const modules = new Map<string, WebAssembly.Module>();
  let module: WebAssembly.Module | undefined;
  let limits: Limits;
  return {
    load: (header) => {
      limits = { wall_ms: 0, memory_bytes: 0, output_bytes: header.outputBytes, instructions: header.instructions };
      module = modules.get(header.programName) ?? compiled(header);
      if (module === undefined) return none("program_refused");
      keep(modules, header.programName, module);
      return new Uint8Array();
    },
    call: ({ seed, argument }) => {
      if (module === undefined) throw new Error("a task before its program");
      return runTask(module, limits, seed, argument);
    },
  };
});

function compiled({ program }: Header): WebAssembly.Module | undefined {
  try {
    return new WebAssembly.Module(program as Uint8Array<ArrayBuffer>);
  } catch {
    return undefined;
  }
}

function keep(modules: Map<string, WebAssembly.Module>, name: string, module: WebAssembly.Module): void {
  modules.delete(name);
  modules.set(name, module);
  for (const oldest of modules.keys()) {
    if (modules.size <= KEPT_MODULES) break;
    modules.delete(oldest);
  }
}
