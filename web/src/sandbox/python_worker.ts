// One bundle of Python tasks in a tab: the browser's twin of src/we1web/agent/runtimes/guest/runner.mjs, with the same
// boot, the same clocks and the same harness, so that a task gives the same bytes here as on a native node.

import { boot, importedFiles, lockDown, type Sources } from "../../../src/we1web/agent/runtimes/guest/boot.mjs";
import { determinize } from "../../../src/we1web/agent/runtimes/guest/determinize.mjs";
import { live } from "./process";

live(async (files) => {
  const text = (name: string) => new TextDecoder().decode(files[name] as Uint8Array);
  const sources: Sources = {
    module: files["pyodide.asm.wasm"] as WebAssembly.Module,
    stdlib: files["python_stdlib.zip"] as Uint8Array,
    lock: text("pyodide-lock.json"),
    pyodide: files["pyodide.mjs"] as Uint8Array,
    asm: text("pyodide.asm.mjs"),
  };
  const prepared = importedFiles(sources);
  lockDown();
  const { reset, advance } = determinize();
  const pyodide = await boot(prepared, files["snapshot.bin"] as Uint8Array);
  const guest = pyodide.pyimport("guest");
  guest.connect(advance);
  const taken = (answer: { toJs(): Uint8Array; destroy(): void }) => {
    const copy = answer.toJs();
    answer.destroy();
    return copy;
  };
  return {
    load: ({ program, entry, outputBytes }) => {
      reset(0, 0);
      return taken(guest.load(pyodide.toPy(program), entry, outputBytes));
    },
    call: ({ seed, argument }) => {
      reset(Number(BigInt.asUintN(32, seed)), Number(seed >> 32n));
      return taken(guest.call(pyodide.toPy(argument), seed));
    },
  };
});
