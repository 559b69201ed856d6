import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { vectors } from "../testing/vectors";
import * as outcome from "./outcome";

interface Vector {
  name: string;
  hex: string;
  digest: string | null;
}

const all = vectors<Vector>("outcomes");
const bytesOf = (name: string) => all.find((vector) => vector.name === name)?.hex;

describe("golden outcomes", () => {
  it.each(all)("$name", ({ hex: bytes, digest }) => {
    const encoded = hexToBytes(bytes);
    expect(outcome.wellFormed(encoded)).toBe(digest !== null);
    if (digest !== null) expect(bytesToHex(outcome.digest(encoded))).toBe(digest);
  });
});

describe("outcomes are written as Python writes them", () => {
  const result = new TextEncoder().encode("result");

  it("a value, and one with its instruction count", () => {
    expect(bytesToHex(outcome.value(result))).toBe(bytesOf("value"));
    expect(bytesToHex(outcome.value(result, 123_456_789_012n))).toBe(bytesOf("metered value"));
  });

  it("an error with its traceback", () => {
    const failure = { type: "ValueError", message: "no", traceback: "Traceback ..." };
    expect(bytesToHex(outcome.error(failure))).toBe(bytesOf("error"));
  });

  it("no outcome, and the name of a blob", () => {
    expect(bytesToHex(outcome.none("time_limit"))).toBe(bytesOf("no outcome"));
    const named = outcome.blobOf(hexToBytes(bytesOf("reference") ?? ""));
    expect(bytesToHex(outcome.reference(named?.digest ?? new Uint8Array(32), Number(named?.size)))).toBe(
      bytesOf("reference"),
    );
  });
});
