// Runs a metered module in V8 and prints how it ended, its output and its count: the second engine of test_metering.py.
// Usage: deno run --allow-read=FILE v8.mjs FILE STDIN BUDGET

const [file, stdin, budget] = Deno.args;
const input = new TextEncoder().encode(stdin);
let position = 0, memory, output = [];
const view = () => new DataView(memory.buffer);

class Exit extends Error {}

const wasi = {
  proc_exit: (code) => { throw new Exit(`exit ${code}`); },
  fd_write: (_, vector) => {
    const [at, size] = [view().getUint32(vector, true), view().getUint32(vector + 4, true)];
    output.push(...new Uint8Array(memory.buffer, at, size));
    return 0;
  },
  fd_read: (_, vector, __, result) => {
    const [at, size] = [view().getUint32(vector, true), view().getUint32(vector + 4, true)];
    const part = input.subarray(position, position + size);
    new Uint8Array(memory.buffer, at, part.length).set(part);
    position += part.length;
    view().setUint32(result, part.length, true);
    return 0;
  },
  random_get: () => 0,
  clock_time_get: () => 0,
};
const { instance } = await WebAssembly.instantiate(Deno.readFileSync(file), { wasi_snapshot_preview1: wasi });
memory = instance.exports.memory;
let ended = "value";
try {
  instance.exports._start();
} catch (error) {
  ended = error instanceof Exit ? error.message : "trap";
}
const used = BigInt(budget) - instance.exports.we1_counter.value;
console.log(JSON.stringify({ ended, output, used: Number(used) }));
