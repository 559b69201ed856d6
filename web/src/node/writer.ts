// msgpack, written type by type in the shortest form: what the Python encoder writes, to the byte. No message of the
// protocol holds a negative integer, so none can be written.

const text = new TextEncoder();

export class Writer {
  #buffer = new Uint8Array(256);
  #view = new DataView(this.#buffer.buffer);
  #at = 0;

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#at);
  }

  int(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`${value} is no count that JavaScript holds exactly`);
    if (value < 0x80) this.#head(value);
    else if (value < 0x100) this.#head(0xcc, 1, value);
    else if (value < 0x10000) this.#head(0xcd, 2, value);
    else if (value < 0x100000000) this.#head(0xce, 4, value);
    else this.#wide(value);
  }

  float(value: number): void {
    this.#head(0xcb);
    this.#room(8);
    this.#view.setFloat64(this.#at, value);
    this.#at += 8;
  }

  bool(value: boolean): void {
    this.#head(value ? 0xc3 : 0xc2);
  }

  str(value: string): void {
    const encoded = text.encode(value);
    if (encoded.length < 32) this.#head(0xa0 + encoded.length);
    else this.#sized(encoded.length, 0xd9, 0xda, 0xdb);
    this.#raw(encoded);
  }

  bin(value: Uint8Array): void {
    this.#sized(value.length, 0xc4, 0xc5, 0xc6);
    this.#raw(value);
  }

  array(length: number): void {
    if (length < 16) this.#head(0x90 + length);
    else if (length < 0x10000) this.#head(0xdc, 2, length);
    else this.#head(0xdd, 4, length);
  }

  #wide(value: number): void {
    this.#head(0xcf);
    this.#room(8);
    this.#view.setBigUint64(this.#at, BigInt(value));
    this.#at += 8;
  }

  #sized(length: number, one: number, two: number, four: number): void {
    if (length < 0x100) this.#head(one, 1, length);
    else if (length < 0x10000) this.#head(two, 2, length);
    else this.#head(four, 4, length);
  }

  /** A type byte, and an unsigned integer of so many bytes behind it. */
  #head(type: number, width: 0 | 1 | 2 | 4 = 0, value = 0): void {
    this.#room(1 + width);
    this.#view.setUint8(this.#at, type);
    if (width === 1) this.#view.setUint8(this.#at + 1, value);
    else if (width === 2) this.#view.setUint16(this.#at + 1, value);
    else if (width === 4) this.#view.setUint32(this.#at + 1, value);
    this.#at += 1 + width;
  }

  #raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #room(more: number): void {
    if (this.#at + more <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#buffer.length, this.#at + more));
    larger.set(this.#buffer.subarray(0, this.#at));
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}
