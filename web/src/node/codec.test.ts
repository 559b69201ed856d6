import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { base64, vectors } from "../testing/vectors";
import { decodeClient, decodeServer, encode, FrameError } from "./codec";
import { type Heartbeat, MAX_FRAME_BYTES } from "./messages.gen";

interface Message {
  name: string;
  from: "client" | "coordinator";
  json: unknown[];
  hex: string;
}

interface Refused {
  name: string;
  hex: string;
}

/** A message as the vectors show it: fields in order, the tag first, bytes in base64. */
function shown(value: unknown): unknown {
  if (value instanceof Uint8Array) return base64(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === "object" && value !== null) return Object.values(value).map(shown);
  return value;
}

describe("golden messages", () => {
  it.each(vectors<Message>("messages"))("$name", ({ from, json, hex: bytes }) => {
    const decoded = from === "client" ? decodeClient(hexToBytes(bytes)) : decodeServer(hexToBytes(bytes));
    expect(shown(decoded)).toEqual(json);
    expect(bytesToHex(encode(decoded))).toBe(bytes);
  });
});

describe("frames that are refused", () => {
  const beyondTypes = new Set(["no cores", "name of 101 characters", "negative sequence", "report without outcomes"]);
  const malformed = vectors<Refused>("refused").filter(({ name }) => !beyondTypes.has(name));

  it.each(malformed)("$name", ({ hex: bytes }) => {
    expect(() => decodeClient(hexToBytes(bytes))).toThrow(FrameError);
  });

  it("one above the limit, before it is read", () => {
    expect(() => decodeServer(new Uint8Array(MAX_FRAME_BYTES + 1))).toThrow("the limit is");
  });

  it("an integer that JavaScript cannot hold", () => {
    const cancel = hexToBytes("93ab7461736b3a63616e63656c91cf7fffffffffffffffa0");
    expect(() => decodeServer(cancel)).toThrow("is not an integer");
  });
});

it("fields that a newer coordinator appended are ignored", () => {
  const cancel = hexToBytes("94ab7461736b3a63616e63656c9101a178a3666f6f");
  expect(decodeServer(cancel)).toEqual({ tag: "task:cancel", bundles: [1], code: "x" });
});

it("what cannot be counted is not written", () => {
  const beat: Heartbeat = {
    tag: "node:heartbeat",
    running: -1,
    queued: 0,
    load: 0,
    accepting: true,
    reason: "",
    rtt_ms: 0,
  };
  expect(() => encode(beat)).toThrow(RangeError);
});

it("long frames are written whole", () => {
  const outcomes = [new Uint8Array(70_000).fill(7), new Uint8Array(300)];
  const frame = encode({ tag: "task:complete", seq: 70_000, reports: [{ bundle: 2 ** 40, outcomes, run_us: 200 }] });
  const decoded = decodeClient(frame);
  expect(frame.length).toBeGreaterThan(70_300);
  expect(bytesToHex(encode(decoded))).toBe(bytesToHex(frame));
  expect(decoded).toMatchObject({ seq: 70_000, reports: [{ bundle: 2 ** 40, run_us: 200 }] });
});
