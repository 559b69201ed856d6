// Makes the memory snapshot: Pyodide after its start and the import of our harness, with clocks and entropy replaced.
// Usage: deno run --allow-read=DIR --allow-write=OUT snapshot.mjs DIR GUEST_ZIP OUT
// The same files must give the same snapshot, byte for byte: a test makes it twice.

import { boot, lockDown, readFiles } from "./boot.mjs";
import { determinize } from "./determinize.mjs";

const [directory, archive, out] = Deno.args;
const files = await readFiles(directory);
const guest = Deno.readFileSync(archive);
const host = lockDown(["write"]);
determinize();
const pyodide = await boot(files);
pyodide.FS.mkdir("/guest");
pyodide.unpackArchive(guest, "zip", { extractDir: "/guest" });
pyodide.runPython("import sys; sys.path.append('/guest'); import guest; sys.path.remove('/guest'); del sys");
host.writeFileSync(out, pyodide.makeMemorySnapshot());
host.exit(0);
