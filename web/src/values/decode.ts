// Bytes that a stranger's task returned, as something that can be shown. Reads plain msgpack and the extensions of
// src/we1web/protocol/values.py; it constructs nothing, and whatever is wrong ends as BadValue.

import {
  BadValue,
  BIG_INT,
  BYTEARRAY,
  COMPLEX,
  DATE,
  DATETIME,
  FROZENSET,
  MAPPING,
  MAX_DEPTH,
  NDARRAY,
  NUMPY_SCALAR,
  SET,
  Several,
  TIMEDELTA,
  Told,
  TUPLE,
  type Value,
} from "./value";

/** Throws BadValue. */
export function decode(bytes: Uint8Array): Value {
  const reader = new Reader(bytes);
  try {
    const value = reader.value(0);
    if (reader.left > 0) throw new BadValue(`${reader.left} bytes behind the value`);
    if (value instanceof Mark) throw new BadValue("a marker out of place");
    return value;
  } catch (error) {
    if (error instanceof BadValue) throw error;
    throw new BadValue(error instanceof RangeError ? "the bytes end in the middle" : "no plain value");
  }
}

/** What a marker is read as, before the list around it is understood. */
class Mark {
  constructor(readonly code: number) {}
}

const WIDTHS = [1, 2, 4, 8, 16];
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ascii = new TextDecoder("ascii");

class Reader {
  readonly #view: DataView;
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.#at;
  }

  value(depth: number): Value | Mark {
    const head = this.#uint(1);
    if (head < 0x80) return BigInt(head);
    if (head < 0x90) return this.#map(head & 0x0f, depth + 1);
    if (head < 0xa0) return this.#list(head & 0x0f, depth + 1);
    if (head < 0xc0) return this.#str(head & 0x1f);
    if (head >= 0xe0) return BigInt(head - 0x100);
    return this.#long(head, depth + 1);
  }

  #long(head: number, depth: number): Value | Mark {
    if (head === 0xc0) return null;
    if (head === 0xc2 || head === 0xc3) return head === 0xc3;
    if (head >= 0xc4 && head <= 0xc6) return this.#raw(this.#uint(WIDTHS[head - 0xc4])).slice();
    if (head >= 0xc7 && head <= 0xc9) return this.#extension(this.#uint(WIDTHS[head - 0xc7]));
    if (head === 0xca || head === 0xcb) return this.#float(head === 0xca ? 4 : 8);
    if (head >= 0xcc && head <= 0xd3) return this.#int(WIDTHS[(head - 0xcc) % 4] as number, head >= 0xd0);
    if (head >= 0xd4 && head <= 0xd8) return this.#extension(WIDTHS[head - 0xd4] as number);
    if (head >= 0xd9 && head <= 0xdb) return this.#str(this.#uint(WIDTHS[head - 0xd9]));
    if (head === 0xdc || head === 0xdd) return this.#list(this.#uint(head === 0xdc ? 2 : 4), depth);
    if (head === 0xde || head === 0xdf) return this.#map(this.#uint(head === 0xde ? 2 : 4), depth);
    throw new BadValue(`no value begins with ${head}`);
  }

  #items(count: number, depth: number): (Value | Mark)[] {
    if (depth > MAX_DEPTH) throw new BadValue(`nested deeper than ${MAX_DEPTH} levels`);
    if (count > this.left) throw new BadValue("the bytes end in the middle");
    const items: (Value | Mark)[] = [];
    for (let place = 0; place < count; place += 1) items.push(this.value(depth));
    return items;
  }

  #list(count: number, depth: number): Value {
    const [first, ...rest] = this.#items(count, depth);
    if (first instanceof Mark) return marked(first.code, values(rest));
    return first === undefined ? [] : values([first, ...rest]);
  }

  #map(count: number, depth: number): Value {
    return dict(values(this.#items(2 * count, depth)));
  }

  #str(length: number): string {
    return utf8.decode(this.#raw(length));
  }

  #float(width: 4 | 8): number {
    const at = this.#skip(width);
    return width === 4 ? this.#view.getFloat32(at) : this.#view.getFloat64(at);
  }

  #int(width: number, signed: boolean): bigint {
    const at = this.#skip(width);
    if (width === 8) return signed ? this.#view.getBigInt64(at) : this.#view.getBigUint64(at);
    if (!signed) return BigInt(this.#unsigned(at, width));
    const read = { 1: this.#view.getInt8, 2: this.#view.getInt16, 4: this.#view.getInt32 }[width as 1 | 2 | 4];
    return BigInt(read.call(this.#view, at));
  }

  #extension(length: number): Value | Mark {
    const code = this.#uint(1);
    const payload = this.#raw(length);
    if (length === 0 && code >= TUPLE && code <= NUMPY_SCALAR) return new Mark(code);
    return scalar(code, payload);
  }

  #uint(width = 1): number {
    return this.#unsigned(this.#skip(width), width);
  }

  #unsigned(at: number, width: number): number {
    if (width === 1) return this.#view.getUint8(at);
    return width === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #raw(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.bytes.subarray(at, at + length);
  }

  #skip(length: number): number {
    if (length > this.left) throw new BadValue("the bytes end in the middle");
    const at = this.#at;
    this.#at += length;
    return at;
  }
}

function values(items: readonly (Value | Mark)[]): Value[] {
  if (items.some((item) => item instanceof Mark)) throw new BadValue("a marker out of place");
  return items as Value[];
}

function marked(code: number, items: readonly Value[]): Value {
  if (code === MAPPING) return dict(items);
  if (code === NDARRAY || code === NUMPY_SCALAR) return numbers(code, items);
  const kind = ({ [TUPLE]: "tuple", [SET]: "set", [FROZENSET]: "frozenset" } as const)[code];
  if (kind === undefined) throw new BadValue(`unknown marker ${code}`);
  return new Several(kind, items);
}

function dict(items: readonly Value[]): ReadonlyMap<Value, Value> {
  if (items.length % 2 > 0) throw new BadValue("a key without a value");
  const found = new Map<Value, Value>();
  for (let at = 0; at < items.length; at += 2) found.set(items[at] as Value, items[at + 1] as Value);
  if (found.size !== items.length / 2) throw new BadValue("a key twice in one dict");
  return found;
}

function scalar(code: number, payload: Uint8Array): Value {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  switch (code) {
    case BIG_INT:
      return bigInt(payload);
    case COMPLEX:
      return new Told("complex", complex(view.getFloat64(0, true), view.getFloat64(8, true)));
    case DATETIME:
      return new Told("datetime", ascii.decode(payload.subarray(1)));
    case DATE:
      return new Told("date", ascii.decode(payload));
    case TIMEDELTA:
      return new Told("timedelta", [0, 4, 8].map((at) => view.getInt32(at, true)).join(", "));
    case BYTEARRAY:
      return new Told("bytearray", `${payload.length}`);
    default:
      throw new BadValue(`unknown extension ${code}`);
  }
}

function bigInt(payload: Uint8Array): bigint {
  const digits = Array.from(payload, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return BigInt.asIntN(8 * payload.length, BigInt(`0x${digits || "0"}`));
}

function complex(real: number, imaginary: number): string {
  const sign = imaginary < 0 || Object.is(imaginary, -0) ? "-" : "+";
  return `${real}${sign}${Math.abs(imaginary)}j`;
}

const DTYPES: Readonly<Record<string, string>> = {
  "|b1": "bool",
  "|i1": "int8",
  "|u1": "uint8",
  "<i2": "int16",
  "<u2": "uint16",
  "<i4": "int32",
  "<u4": "uint32",
  "<i8": "int64",
  "<u8": "uint64",
  "<f2": "float16",
  "<f4": "float32",
  "<f8": "float64",
  "<c8": "complex64",
  "<c16": "complex128",
};

/** numpy's arrays by shape and type: their numbers are for programs, not for a page. */
function numbers(code: number, items: readonly Value[]): Told {
  const [dtype, shape] = items;
  const name = typeof dtype === "string" ? DTYPES[dtype] : undefined;
  if (name === undefined || !Array.isArray(shape)) throw new BadValue("malformed numpy array");
  if (code === NUMPY_SCALAR) return new Told("number", name);
  return new Told("array", `${shape.map(String).join("×") || "()"} ${name}`);
}
