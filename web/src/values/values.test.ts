import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { vectors } from "../testing/vectors";
import { decode } from "./decode";
import { encode } from "./encode";
import { JsonError, parseJson } from "./json";
import { show, showCall } from "./show";
import { BadValue, type Plain } from "./value";

interface Vector {
  name: string;
  /** What JSON can say, and so can be sent; null: it can only come back. */
  json: string | null;
  shown: string;
  hex: string;
}
const golden = vectors<Vector>("values");

describe("golden values", () => {
  it.each(golden.filter(({ json }) => json !== null))("sent: $name", ({ json, hex }) => {
    expect(bytesToHex(encode(parseJson(json ?? "")))).toBe(hex);
  });

  it.each(golden)("shown: $name", ({ hex, shown }) => {
    expect(show(decode(hexToBytes(hex)))).toBe(shown);
  });

  it.each(golden.filter(({ hex }) => hex.length > 2))("cut short: $name", ({ hex }) => {
    expect(() => decode(hexToBytes(hex.slice(0, -2)))).toThrow(BadValue);
  });
});

describe("what is no value", () => {
  it.each([
    ["bytes behind it", "0101"],
    ["a type nobody knows", "c1"],
    ["text that is not UTF-8", "a1ff"],
    ["a list longer than its bytes", "ddffffffff"],
    ["a marker alone", "c70001"],
    ["a marker inside a list", "9201c70001"],
    ["an unknown extension", "d47f00"],
    ["a key twice", "82010101 02".replace(" ", "")],
    ["a mapping with a key too many", "92c7000401"],
  ])("%s", (_, hex) => {
    expect(() => decode(hexToBytes(hex))).toThrow(BadValue);
  });

  it("nested without end", () => {
    const list = (depth: number): Plain => (depth === 0 ? null : [list(depth - 1)]);
    expect(() => encode(list(101))).toThrow("nested deeper");
    expect(bytesToHex(encode(list(100)))).toBe(`${"91".repeat(100)}c0`);
    expect(() => decode(new Uint8Array(100_000).fill(0x91))).toThrow("nested deeper");
  });
});

describe("JSON", () => {
  it.each([
    ["nothing", "", "ends", 1, 1],
    ["an open list", "[1, 2", "ends", 1, 6],
    ["a bare word", "[1,\n 2,\n x]", "unexpected", 3, 2],
    ["a key without quotes", "{a: 1}", "unexpected", 1, 2],
    ["a line end in a text", '"a\nb"', "text", 1, 3],
    ["an unknown escape", '"\\x41"', "text", 1, 3],
    ["two values", "[1] 2", "more", 1, 5],
    ["a leading zero", "01", "more", 1, 2],
    ["too many digits", "9".repeat(4_301), "number", 1, 1],
    ["too many brackets", "[".repeat(101), "deep", 1, 101],
  ])("refuses %s and says where", (_, source, problem, line, column) => {
    const refused = () => parseJson(source);
    expect(refused).toThrow(JsonError);
    expect(refused).toThrow(`${problem} at line ${line}, column ${column}`);
  });
});

it("a long value is cut, a call reads like one", () => {
  expect(
    show(
      Array.from({ length: 10_000 }, () => 1n),
      10,
    ),
  ).toBe("[1, 1, 1, …");
  expect(showCall("f", [3n, "x", 0.5])).toBe('f(3, "x", 0.5)');
});
