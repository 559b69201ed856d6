import { describe, expect, it } from "vitest";
import * as outcome from "./outcome";
import { hex, unhex, vectors } from "./vectors";

interface Vector {
  name: string;
  hex: string;
  digest: string | null;
}

const all = vectors<Vector>("outcomes");
const bytesOf = (name: string) => all.find((vector) => vector.name === name)?.hex;

describe("golden outcomes", () => {
  it.each(all)("$name", ({ hex: bytes, digest }) => {
    const encoded = unhex(bytes);
    expect(outcome.wellFormed(encoded)).toBe(digest !== null);
    if (digest !== null) expect(hex(outcome.digest(encoded))).toBe(digest);
  });
});

describe("outcomes are written as Python writes them", () => {
  const result = new TextEncoder().encode("result");

  it("a value, and one with its instruction count", () => {
    expect(hex(outcome.value(result))).toBe(bytesOf("value"));
    expect(hex(outcome.value(result, 123_456_789_012n))).toBe(bytesOf("metered value"));
  });

  it("an error with its traceback", () => {
    const failure = { type: "ValueError", message: "no", traceback: "Traceback ..." };
    expect(hex(outcome.error(failure))).toBe(bytesOf("error"));
  });

  it("no outcome, and the name of a blob", () => {
    expect(hex(outcome.none("time_limit"))).toBe(bytesOf("no outcome"));
    const named = outcome.blobOf(unhex(bytesOf("reference") ?? ""));
    expect(hex(outcome.reference(named?.digest ?? new Uint8Array(32), Number(named?.size)))).toBe(bytesOf("reference"));
  });
});
