// Values as a person who reads Python expects to see them. For eyes only: a long one is cut.

import { Several, Told, type Value } from "./value";

const MAX_CHARS = 2_000;

/** `[1, 2.0, "x", None]`, at most `limit` characters and an ellipsis. */
export function show(value: Value, limit = MAX_CHARS): string {
  const shown = new Shower(limit);
  shown.value(value);
  return shown.text();
}

/** `f(3, "x")` */
export function showCall(name: string, values: readonly Value[], limit = MAX_CHARS): string {
  const shown = new Shower(limit);
  shown.call(name, values);
  return shown.text();
}

class Shower {
  #parts = "";

  constructor(private readonly limit: number) {}

  text(): string {
    return this.#parts.length <= this.limit ? this.#parts : `${this.#parts.slice(0, this.limit)}…`;
  }

  call(name: string, values: readonly Value[]): void {
    this.#between(`${name}(`, values, ")");
  }

  value(value: Value): void {
    if (this.#parts.length > this.limit) return;
    if (value instanceof Several) this.#several(value);
    else if (value instanceof Map) this.#dict(value);
    else if (Array.isArray(value)) this.#between("[", value, "]");
    else this.#parts += scalar(value as Exclude<Value, readonly Value[] | ReadonlyMap<Value, Value> | Several>);
  }

  #several({ kind, items }: Several): void {
    if (kind === "tuple") this.#between("(", items, items.length === 1 ? ",)" : ")");
    else if (items.length === 0) this.#parts += `${kind}()`;
    else if (kind === "set") this.#between("{", items, "}");
    else this.#between("frozenset({", items, "})");
  }

  #dict(value: ReadonlyMap<Value, Value>): void {
    this.#parts += "{";
    let first = true;
    for (const [key, item] of value) {
      if (this.#parts.length > this.limit) return;
      if (!first) this.#parts += ", ";
      first = false;
      this.value(key);
      this.#parts += ": ";
      this.value(item);
    }
    this.#parts += "}";
  }

  #between(open: string, items: readonly Value[], close: string): void {
    this.#parts += open;
    for (const [place, item] of items.entries()) {
      if (this.#parts.length > this.limit) return;
      if (place > 0) this.#parts += ", ";
      this.value(item);
    }
    this.#parts += close;
  }
}

type Scalar = Exclude<Value, readonly Value[] | ReadonlyMap<Value, Value> | Several>;

function scalar(value: Scalar): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return float(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Told) return told(value);
  return bytes(value);
}

function float(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const digits = String(value);
  return /^-?\d+$/.test(digits) ? `${digits}.0` : digits;
}

function told({ kind, text }: Told): string {
  if (kind === "complex") return `(${text})`;
  if (kind === "date" || kind === "datetime") return text;
  return kind === "bytearray" ? `bytearray of ${text} bytes` : `${kind}(${text})`;
}

function bytes(value: Uint8Array): string {
  const shown = Array.from(value.subarray(0, MAX_CHARS), (byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `b"${shown.join("")}"`;
}
