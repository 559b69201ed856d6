// JSON as Python reads it: 1 and 1.0 are different, integers have any length, and where something is wrong is told. The
// browser's own parser would lose all three.

import { BadValue, MAX_DEPTH, type Plain } from "./value";

/** Something is no JSON. `line` counts from 1. */
export class JsonError extends BadValue {
  constructor(
    readonly problem: "ends" | "unexpected" | "text" | "number" | "deep" | "more",
    readonly line: number,
    readonly column: number,
    /** What stands there. */
    readonly found = "",
  ) {
    super(`${problem} at line ${line}, column ${column}`);
  }
}

/** Throws JsonError. */
export function parseJson(source: string): Plain {
  const parser = new JsonParser(source);
  const value = parser.value();
  parser.end();
  return value;
}

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
/** All but quotes, backslashes and control characters. */
const PLAIN_TEXT = /[ !#-[\]-\u{10FFFF}]*/uy;
const WORDS: readonly (readonly [string, Plain])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
];
const FIRST_LETTERS = "tfnNI-";
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
/** As many as Python reads. */
const MAX_DIGITS = 4_300;

/** Reads a text from its beginning: value by value, so that a long array needs not be held as a whole. */
export class JsonParser {
  #at = 0;

  constructor(private readonly source: string) {}

  value(depth = 0): Plain {
    this.#skip();
    const sign = this.source[this.#at];
    if (sign === "[") return this.#list(depth + 1);
    if (sign === "{") return this.#dict(depth + 1);
    if (sign === '"') return this.#text();
    if (sign !== undefined && FIRST_LETTERS.includes(sign)) {
      const word = WORDS.find(([each]) => this.source.startsWith(each, this.#at));
      if (word !== undefined) return this.#said(word);
    }
    return this.#number();
  }

  /** The items of an array, one after the other. */
  *items(depth = 0): Generator<Plain, void, void> {
    if (depth > MAX_DEPTH) throw this.#wrong("deep");
    this.#expect("[");
    if (this.#took("]")) return;
    do yield this.value(depth);
    while (this.#took(","));
    this.#expect("]");
  }

  startsWith(sign: string): boolean {
    this.#skip();
    return this.source.startsWith(sign, this.#at);
  }

  end(): void {
    this.#skip();
    if (this.#at < this.source.length) throw this.#wrong("more");
  }

  #list(depth: number): Plain[] {
    return [...this.items(depth)];
  }

  #dict(depth: number): Plain {
    if (depth > MAX_DEPTH) throw this.#wrong("deep");
    const found = new Map<string, Plain>();
    this.#expect("{");
    if (this.#took("}")) return found;
    do {
      this.#skip();
      const key = this.#text();
      this.#expect(":");
      found.set(key, this.value(depth));
    } while (this.#took(","));
    this.#expect("}");
    return found;
  }

  #said([word, value]: readonly [string, Plain]): Plain {
    this.#at += word.length;
    return value;
  }

  #number(): bigint | number {
    NUMBER.lastIndex = this.#at;
    const found = NUMBER.exec(this.source);
    if (found === null) throw this.#wrong(this.#at >= this.source.length ? "ends" : "unexpected");
    const [digits, fraction, exponent] = found;
    if (fraction === undefined && exponent === undefined) {
      if (digits.length > MAX_DIGITS) throw this.#wrong("number");
      this.#at += digits.length;
      return BigInt(digits);
    }
    this.#at += digits.length;
    return Number(digits);
  }

  #text(): string {
    this.#expect('"');
    let text = "";
    for (;;) {
      PLAIN_TEXT.lastIndex = this.#at;
      const plain = PLAIN_TEXT.exec(this.source)?.[0] ?? "";
      text += plain;
      this.#at += plain.length;
      const sign = this.source[this.#at];
      if (sign === undefined) throw this.#wrong("ends");
      if (sign !== '"' && sign !== "\\") throw this.#wrong("text");
      this.#at += 1;
      if (sign === '"') return text;
      text += this.#escaped();
    }
  }

  #escaped(): string {
    const sign = this.source[this.#at] ?? "";
    this.#at += 1;
    const plain = ESCAPES[sign];
    if (plain !== undefined) return plain;
    const digits = this.source.slice(this.#at, this.#at + 4);
    if (sign !== "u" || !/^[\da-fA-F]{4}$/.test(digits)) {
      this.#at -= 1;
      throw this.#wrong("text");
    }
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #took(sign: string): boolean {
    this.#skip();
    const there = this.source[this.#at] === sign;
    if (there) this.#at += 1;
    return there;
  }

  #expect(sign: string): void {
    if (!this.#took(sign)) throw this.#wrong(this.#at >= this.source.length ? "ends" : "unexpected");
  }

  #skip(): void {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.source);
    this.#at = SPACE.lastIndex;
  }

  #wrong(problem: JsonError["problem"]): JsonError {
    const before = this.source.slice(0, this.#at).split("\n");
    const found = this.source.slice(this.#at, this.#at + 12).split("\n")[0] ?? "";
    return new JsonError(problem, before.length, (before.at(-1)?.length ?? 0) + 1, found);
  }
}
