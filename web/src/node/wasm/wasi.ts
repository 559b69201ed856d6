// Our deterministic WASI preview 1: standard input to standard output, a counted clock, seeded randomness, no files. Twin
// of src/we1web/agent/wasm/wasi.py. Every function answers from the task alone, in any engine. All pointers come from a
// stranger: each range is checked against the memory before it is touched.

import { Entropy } from "./entropy";

const [OK, BAD_DESCRIPTOR, FAULT, INVALID, NOT_OFFERED, IS_A_PIPE] = [0, 8, 21, 28, 52, 70];
const [STDIN, STDOUT, STDERR] = [0, 1, 2];
const CLOCK_START_NS = 1_767_225_600_000_000_000n;
/** Every look at a clock moves it, so that loops that wait for a time end. */
const CLOCK_STEP_NS = 10_000n;
const [REALTIME, MONOTONIC] = [0, 1];
const MAX_RANDOM_BYTES = 1 << 16;
const MAX_PIECES = 1_024;
const MAX_STDERR_BYTES = 16 << 10;
const CHARACTER_DEVICE = 2n;
const ALL_RIGHTS = 0x1ffn;

/** The program called proc_exit. */
export class Exit extends Error {
  constructor(readonly status: number) {
    super(`exit code ${status}`);
  }
}

/** The program wrote more to its standard output than the job allows. */
export class OutputLimit extends Error {}

/** The program named memory that it does not have. */
class BadPointer extends Error {}

type Call = (...numbers: number[]) => number;

/** What one task can reach. `memory` is that of its instance, once there is one. */
export class Host {
  memory: WebAssembly.Memory | undefined;
  readonly stdout = new Bytes();
  readonly stderr = new Bytes();
  readonly #entropy: Entropy;
  #read = 0;
  #clockNs = 0n;

  constructor(
    private readonly stdin: Uint8Array,
    seed: bigint,
    private readonly outputBytes: number,
  ) {
    this.#entropy = new Entropy(seed);
  }

  /** The functions that a module may import, under their WASI names. Unknown ones answer with an error. */
  imports(names: Iterable<string>): Record<string, (...numbers: (number | bigint)[]) => number> {
    const offered = this.#offered();
    return Object.fromEntries(
      [...names].map((name) => {
        const call = Object.hasOwn(offered, name) ? offered[name] : undefined;
        return [name, call === undefined ? () => refusal(name) : guarded(call)];
      }),
    );
  }

  #offered(): Record<string, Call> {
    const nothing = () => OK;
    const noSizes: Call = (count, size) =>
      this.#write(count, new Uint8Array(4)) || this.#write(size, new Uint8Array(4));
    const known: Call = (descriptor) => (descriptor <= STDERR ? OK : BAD_DESCRIPTOR);
    return {
      args_get: nothing,
      args_sizes_get: noSizes,
      environ_get: nothing,
      environ_sizes_get: noSizes,
      clock_res_get: (clock, result) => (isClock(clock) ? this.#write(result, little(CLOCK_STEP_NS, 8)) : INVALID),
      clock_time_get: (clock, _precision, result) => this.#time(clock, result),
      fd_fdstat_get: (descriptor, result) => this.#stat(descriptor, result),
      fd_fdstat_set_flags: known,
      fd_close: known,
      fd_seek: (descriptor) => (descriptor <= STDERR ? IS_A_PIPE : BAD_DESCRIPTOR),
      fd_read: (descriptor, vector, count, result) => this.#fdRead(descriptor, vector, count, result),
      fd_write: (descriptor, vector, count, result) => this.#fdWrite(descriptor, vector, count, result),
      random_get: (pointer, size) =>
        size > MAX_RANDOM_BYTES ? INVALID : this.#write(pointer, this.#entropy.read(size)),
      sched_yield: nothing,
      proc_exit: (status) => {
        throw new Exit(status);
      },
    };
  }

  #time(clock: number, result: number): number {
    if (!isClock(clock)) return INVALID;
    this.#clockNs += CLOCK_STEP_NS;
    return this.#write(result, little((clock === REALTIME ? CLOCK_START_NS : 0n) + this.#clockNs, 8));
  }

  #stat(descriptor: number, result: number): number {
    if (descriptor > STDERR) return BAD_DESCRIPTOR;
    const stat = new Uint8Array(24);
    stat.set(little(CHARACTER_DEVICE, 8));
    stat.set(little(ALL_RIGHTS, 8), 8);
    return this.#write(result, stat);
  }

  #fdRead(descriptor: number, vector: number, count: number, result: number): number {
    if (descriptor !== STDIN) return BAD_DESCRIPTOR;
    if (count > MAX_PIECES) return INVALID;
    const before = this.#read;
    for (const [pointer, size] of this.#pieces(vector, count)) {
      const part = this.stdin.subarray(this.#read, this.#read + size);
      this.#write(pointer, part);
      this.#read += part.length;
    }
    return this.#write(result, little(BigInt(this.#read - before), 4));
  }

  #fdWrite(descriptor: number, vector: number, count: number, result: number): number {
    if (descriptor !== STDOUT && descriptor !== STDERR) return BAD_DESCRIPTOR;
    if (count > MAX_PIECES) return INVALID;
    const pieces = this.#pieces(vector, count);
    for (const [pointer, size] of pieces) this.#take(descriptor, pointer, size);
    const sum = pieces.reduce((total, [, size]) => total + BigInt(size), 0n);
    return this.#write(result, little(sum, 8).subarray(0, 4));
  }

  #take(descriptor: number, pointer: number, size: number): void {
    if (descriptor === STDERR) {
      this.stderr.add(this.#memory(pointer, Math.min(size, MAX_STDERR_BYTES - this.stderr.length)));
    } else if (this.stdout.length + size > this.outputBytes) {
      throw new OutputLimit();
    } else {
      this.stdout.add(this.#memory(pointer, size));
    }
  }

  /** A view of the program's memory; an empty one needs no good pointer. */
  #memory(pointer: number, size: number): Uint8Array {
    if (size === 0) return new Uint8Array();
    if (this.memory === undefined || pointer + size > this.memory.buffer.byteLength) throw new BadPointer();
    return new Uint8Array(this.memory.buffer, pointer, size);
  }

  #write(pointer: number, data: Uint8Array): number {
    this.#memory(pointer, data.length).set(data);
    return OK;
  }

  /** The (pointer, length) pairs of an iovec array. */
  #pieces(vector: number, count: number): [number, number][] {
    const raw = this.#memory(vector, count * 8).slice();
    const view = new DataView(raw.buffer);
    return Array.from({ length: count }, (_, n) => [view.getUint32(8 * n, true), view.getUint32(8 * n + 4, true)]);
  }
}

/** Bytes that grow. */
class Bytes {
  #buffer = new Uint8Array(256);
  length = 0;

  add(more: Uint8Array): void {
    const needed = this.length + more.length;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(2 * this.#buffer.length, needed));
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#buffer.set(more, this.length);
    this.length = needed;
  }

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.length);
  }
}

function isClock(clock: number): boolean {
  return clock === REALTIME || clock === MONOTONIC;
}

function little(value: bigint, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, n) => Number((value >> BigInt(8 * n)) & 0xffn));
}

/** Numbers as the contract has them: unsigned, of 32 bits. A pointer beyond the memory is an error, not a trap. */
function guarded(call: Call): (...numbers: (number | bigint)[]) => number {
  return (...numbers) => {
    try {
      return call(...numbers.map((number) => Number(BigInt.asUintN(32, BigInt(number)))));
    } catch (error) {
      if (error instanceof BadPointer) return FAULT;
      throw error;
    }
  };
}

function refusal(name: string): number {
  return /^(fd|path|sock)_/.test(name) ? BAD_DESCRIPTOR : NOT_OFFERED;
}
