import type { Task } from "../../api";
import { decode } from "../../values/decode";
import { parseJson } from "../../values/json";
import { show, showCall } from "../../values/show";
import { BadValue, type Plain, type Value } from "../../values/value";

/** A task, and its argument as the coordinator wrote it: JSON.parse alone would round integers beyond 2^53. */
export interface Exactly {
  readonly task: Task;
  readonly argument: Plain | undefined;
}

const HEADER_BYTES = 9;
const VALUE = 0;
const SHOWN_CHARS = 20_000;

export function readExactly(text: string): Exactly {
  return { task: JSON.parse(text) as Task, argument: at(at(parseJson(text), "argument"), "value") };
}

function at(value: Plain | undefined, key: string): Plain | undefined {
  return value instanceof Map ? value.get(key) : undefined;
}

/** What the task was given, as Python is called: `(3, "x")`; a WebAssembly module gets text. */
export function argumentText(runtime: string, argument: Plain): string {
  if (runtime === "wasm") return String(argument);
  return Array.isArray(argument) ? showCall("", argument, SHOWN_CHARS) : show(argument, SHOWN_CHARS);
}

/** The value in an outcome that came whole; undefined when it is kept elsewhere or cannot be shown. */
export function outcomeText(runtime: string, outcome: string | null | undefined): string | undefined {
  const bytes = outcome ? Uint8Array.from(atob(outcome), (letter) => letter.charCodeAt(0)) : undefined;
  if (bytes?.[0] !== VALUE) return undefined;
  const payload = bytes.subarray(HEADER_BYTES);
  return runtime === "wasm" ? utf8(payload) : python(payload);
}

/** The bare result in the bytes of an outcome. */
export function payloadOf(outcome: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return outcome.subarray(HEADER_BYTES);
}

function python(payload: Uint8Array): string | undefined {
  try {
    const value: Value = decode(payload);
    return show(value, SHOWN_CHARS);
  } catch (error) {
    if (error instanceof BadValue) return undefined;
    throw error;
  }
}

function utf8(payload: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(payload);
  } catch {
    return undefined;
  }
}
