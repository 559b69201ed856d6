// Values as canonical bytes: the twin of `dumps` in src/we1web/protocol/values.py for what JSON can say. The golden
// vectors in spec/vectors/values.json hold both to the same bytes.

import { BadValue, BIG_INT, MAX_DEPTH, type Plain } from "./value";

const MIN_INT = -(1n << 63n);
const MAX_INT = (1n << 64n) - 1n;
const text = new TextEncoder();

/** Throws BadValue. */
export function encode(value: Plain): Uint8Array {
  const packer = new Packer();
  packer.value(value);
  return packer.bytes(0);
}

/** Writes values one behind the other into one buffer: a million small arrays would cost far more. */
export class Packer {
  #buffer = new Uint8Array(1 << 10);
  #view = new DataView(this.#buffer.buffer);
  #at = 0;

  get length(): number {
    return this.#at;
  }

  /** A copy of what was written from `start` to `end`. */
  bytes(start: number, end = this.#at): Uint8Array<ArrayBuffer> {
    return this.#buffer.slice(start, end);
  }

  /** What was written, not copied: good until more is. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(0, this.#at);
  }

  /** Throws BadValue. */
  value(value: Plain, depth = 0): void {
    if (value === null) this.#byte(0xc0);
    else if (typeof value === "boolean") this.#byte(value ? 0xc3 : 0xc2);
    else if (typeof value === "bigint") this.#int(value);
    else if (typeof value === "number") this.#float(value);
    else if (typeof value === "string") this.#str(value);
    else this.#container(value as readonly Plain[] | ReadonlyMap<string, Plain>, depth + 1);
  }

  /** The head of a list whose items the caller writes. */
  list(length: number): void {
    this.#sized(length, 16, 0x90, undefined, 0xdc, 0xdd);
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #container(value: readonly Plain[] | ReadonlyMap<string, Plain>, depth: number): void {
    if (depth > MAX_DEPTH) throw new BadValue(`nested deeper than ${MAX_DEPTH} levels`);
    if (value instanceof Map) this.#dict(value, depth);
    else this.#items(value as readonly Plain[], depth);
  }

  #dict(value: ReadonlyMap<string, Plain>, depth: number): void {
    this.#sized(value.size, 16, 0x80, undefined, 0xde, 0xdf);
    for (const [key, item] of value) {
      this.#str(key);
      this.value(item, depth);
    }
  }

  #items(items: readonly Plain[], depth: number): void {
    this.list(items.length);
    for (const item of items) this.value(item, depth);
  }

  #int(value: bigint): void {
    if (value < MIN_INT || value > MAX_INT) this.#bigInt(value);
    else if (value >= 0n) this.#natural(value);
    else this.#negative(value);
  }

  #natural(value: bigint): void {
    if (value < 0x80n) this.#byte(Number(value));
    else if (value < 0x1_0000_0000n) this.#sized(Number(value), 0, 0, 0xcc, 0xcd, 0xce);
    else {
      this.#byte(0xcf);
      this.#room(8);
      this.#view.setBigUint64(this.#at, value);
      this.#at += 8;
    }
  }

  #negative(value: bigint): void {
    this.#room(9);
    if (value >= -0x20n) this.#byte(Number(value) & 0xff);
    else this.#signed(value);
  }

  #signed(value: bigint): void {
    const width = value >= -0x80n ? 1 : value >= -0x8000n ? 2 : value >= -0x8000_0000n ? 4 : 8;
    this.#byte(0xd0 + Math.log2(width));
    if (width === 1) this.#view.setInt8(this.#at, Number(value));
    else if (width === 2) this.#view.setInt16(this.#at, Number(value));
    else if (width === 4) this.#view.setInt32(this.#at, Number(value));
    else this.#view.setBigInt64(this.#at, value);
    this.#at += width;
  }

  #bigInt(value: bigint): void {
    const digits = (value < 0n ? -value : value).toString(16);
    const bits = 4 * (digits.length - 1) + Number.parseInt(digits[0] as string, 16).toString(2).length;
    const width = Math.floor((bits + 8) / 8);
    const twos = BigInt.asUintN(8 * width, value)
      .toString(16)
      .padStart(2 * width, "0");
    this.#extension(
      BIG_INT,
      Uint8Array.from({ length: width }, (_, at) => Number.parseInt(twos.slice(2 * at, 2 * at + 2), 16)),
    );
  }

  #extension(code: number, payload: Uint8Array): void {
    const fixed = [1, 2, 4, 8, 16].indexOf(payload.length);
    if (fixed >= 0) this.#byte(0xd4 + fixed);
    else this.#sized(payload.length, 0, 0, 0xc7, 0xc8, 0xc9);
    this.#byte(code);
    this.raw(payload);
  }

  /** Every NaN is the one NaN: votes compare bytes. */
  #float(value: number): void {
    this.#byte(0xcb);
    this.#room(8);
    if (Number.isNaN(value)) this.#view.setBigUint64(this.#at, 0x7ff8_0000_0000_0000n);
    else this.#view.setFloat64(this.#at, value);
    this.#at += 8;
  }

  #str(value: string): void {
    if (!value.isWellFormed()) throw new BadValue("text with half of a surrogate pair");
    const encoded = text.encode(value);
    this.#sized(encoded.length, 32, 0xa0, 0xd9, 0xda, 0xdb);
    this.raw(encoded);
  }

  /** A length in the shortest form there is: in the type byte below `limit`, else in one, two or four bytes. */
  #sized(length: number, limit: number, base: number, one: number | undefined, two: number, four: number): void {
    this.#room(5);
    if (length < limit) this.#byte(base + length);
    else if (one !== undefined && length < 0x100) this.#head(one, 1, length);
    else if (length < 0x1_0000) this.#head(two, 2, length);
    else this.#head(four, 4, length);
  }

  #head(type: number, width: 1 | 2 | 4, length: number): void {
    this.#byte(type);
    if (width === 1) this.#view.setUint8(this.#at, length);
    else if (width === 2) this.#view.setUint16(this.#at, length);
    else this.#view.setUint32(this.#at, length);
    this.#at += width;
  }

  #byte(value: number): void {
    this.#room(1);
    this.#buffer[this.#at] = value;
    this.#at += 1;
  }

  #room(more: number): void {
    if (this.#at + more <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#buffer.length, this.#at + more));
    larger.set(this.#buffer.subarray(0, this.#at));
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}
