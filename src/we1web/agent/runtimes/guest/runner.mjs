// Runs one bundle of Python tasks. Reads its files, gives up every permission, restores Pyodide, says that it is ready,
// then answers frames until its input ends. What a task does to this process harms only the bundle it belongs to.
//
// A frame is its length (u32 little endian) and that many bytes. In: the header (JSON), the program, then a frame per
// task: seed (8 bytes) and argument. Out: "ready"; an empty frame when the program is loaded, or the outcome that all of
// its tasks have; then an outcome per task.

import { boot, lockDown, readFiles } from "./boot.mjs";
import { determinize } from "./determinize.mjs";

const [directory] = Deno.args;
const files = await readFiles(directory);
const snapshot = Deno.readFileSync(`${directory}/snapshot.bin`);
const host = lockDown();
const { stdin, stdout, exit } = host;
const { reset, advance } = determinize();
const pyodide = await boot(files, snapshot);
const guest = pyodide.pyimport("guest");
guest.connect(advance);

function read(size) {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const got = stdin.readSync(bytes.subarray(at));
    if (got === null) exit(0);
    at += got;
  }
  return bytes;
}

function readFrame() {
  return read(new DataView(read(4).buffer).getUint32(0, true));
}

function writeFrame(body) {
  const frame = new Uint8Array(4 + body.length);
  new DataView(frame.buffer).setUint32(0, body.length, true);
  frame.set(body, 4);
  for (let at = 0; at < frame.length; ) at += stdout.writeSync(frame.subarray(at));
}

/** Calls the harness with bytes and gives its bytes. An exception here means that the interpreter itself is broken. */
function ask(call, bytes, ...others) {
  const answer = call(pyodide.toPy(bytes), ...others);
  const copy = answer.toJs();
  answer.destroy();
  return copy;
}

try {
  writeFrame(new TextEncoder().encode("ready"));
  const { entry, output_bytes } = JSON.parse(new TextDecoder().decode(readFrame()));
  reset(0, 0);
  writeFrame(ask(guest.load, readFrame(), entry, output_bytes));
  for (;;) {
    const task = readFrame();
    const seed = new DataView(task.buffer);
    reset(seed.getUint32(0, true), seed.getUint32(4, true));
    writeFrame(ask(guest.call, task.subarray(8), seed.getBigUint64(0, true)));
  }
} catch (error) {
  host.stderr.writeSync(new TextEncoder().encode(String(error).slice(0, 500)));
  exit(1);
}
