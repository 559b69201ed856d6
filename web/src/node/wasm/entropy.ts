// sfc32: the seeded generator behind every task's randomness. Twin of src/we1web/agent/wasm/entropy.py. Deterministic and
// fast, not secret: a task's random numbers are known to whoever knows its program and argument.

const WARM_UP_ROUNDS = 12;

/** An endless stream of bytes that depends on the 64 bits of `seed` alone. */
export class Entropy {
  #a: number;
  #b: number;
  #c = 0;
  #count = 1;

  constructor(seed: bigint) {
    this.#a = Number(seed & 0xffff_ffffn) | 0;
    this.#b = Number((seed >> 32n) & 0xffff_ffffn) | 0;
    for (let round = 0; round < WARM_UP_ROUNDS; round += 1) this.#word();
  }

  /** The next `size` bytes; what is left of the last word is dropped. */
  read(size: number): Uint8Array {
    const words = new Uint8Array(Math.ceil(size / 4) * 4);
    const view = new DataView(words.buffer);
    for (let at = 0; at < words.length; at += 4) view.setUint32(at, this.#word(), true);
    return words.subarray(0, size);
  }

  #word(): number {
    const total = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + total) | 0;
    return total >>> 0;
  }
}
