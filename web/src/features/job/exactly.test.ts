import { describe, expect, it } from "vitest";
import { encode } from "../../values/encode";
import { parseJson } from "../../values/json";
import { argumentText, outcomeText, readExactly } from "./exactly";

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
const outcome = (payload: Uint8Array, kind = 0) => base64(Uint8Array.from([kind, ...new Uint8Array(8), ...payload]));

describe("what a task was given", () => {
  it("keeps every digit, and the difference between 1 and 1.0", () => {
    const text = '{"id": "7", "argument": {"size": 9, "value": [123456789012345678901, 1.0, "x"], "note": ""}}';
    const { task, argument } = readExactly(text);
    expect(task.id).toBe("7");
    expect(argumentText("python", argument ?? null)).toBe('(123456789012345678901, 1.0, "x")');
  });

  it("is plain text for a WebAssembly module", () => {
    expect(argumentText("wasm", "line 1\nline 2")).toBe("line 1\nline 2");
  });
});

describe("what came out", () => {
  it("is shown as Python writes it", () => {
    expect(outcomeText("python", outcome(encode(parseJson('{"n": 9007199254740993, "ok": true}'))))).toBe(
      '{"n": 9007199254740993, "ok": True}',
    );
  });

  it("is not shown when it is no value, or kept elsewhere", () => {
    expect(outcomeText("python", outcome(Uint8Array.from([0xc1])))).toBeUndefined();
    expect(outcomeText("wasm", outcome(Uint8Array.from([0xff])))).toBeUndefined();
    expect(outcomeText("wasm", outcome(new Uint8Array(32), 2))).toBeUndefined();
    expect(outcomeText("python", null)).toBeUndefined();
  });
});
