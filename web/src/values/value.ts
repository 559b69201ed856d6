// What Python values are in this app. An integer is a bigint and a float a number: JavaScript alone would lose which of
// the two a value is, and tasks tell them apart.

/** What JSON can say; what the page can send. */
export type Plain = null | boolean | bigint | number | string | readonly Plain[] | PlainDict;
export type PlainDict = ReadonlyMap<string, Plain>;

/** Whatever can come back. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | readonly Value[]
  | ReadonlyMap<Value, Value>
  | Several
  | Told;

/** A container that JavaScript lacks. */
export class Several {
  constructor(
    readonly kind: "tuple" | "set" | "frozenset",
    readonly items: readonly Value[],
  ) {}
}

/** A value that can be told but not computed with here: dates, complex numbers, arrays. */
export class Told {
  constructor(
    readonly kind: "complex" | "datetime" | "date" | "timedelta" | "bytearray" | "array" | "number",
    readonly text: string,
  ) {}
}

/** A value that has no encoding, or bytes that are no value. */
export class BadValue extends Error {
  override readonly name = "BadValue";
}

export const MAX_DEPTH = 100;

/** Markers and payloads of extensions, as src/we1web/protocol/values.py numbers them. */
export const TUPLE = 1;
export const SET = 2;
export const FROZENSET = 3;
export const MAPPING = 4;
export const NDARRAY = 5;
export const NUMPY_SCALAR = 6;
export const BIG_INT = 16;
export const COMPLEX = 17;
export const DATETIME = 18;
export const DATE = 19;
export const TIMEDELTA = 20;
export const BYTEARRAY = 21;
