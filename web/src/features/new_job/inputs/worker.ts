// Reads inputs off the page's thread, and keeps them until they are sent.

import { digestOf } from "../../../node/runtime_files";
import type { Answer, Ask } from "./between";
import { parse, type Reading } from "./parse";
import { InputError } from "./problem";
import { Tasks } from "./tasks";

const BATCH_TASKS = 1_000;
const BATCH_BYTES = 4 << 20;
let tasks = new Tasks();

/** `reportError` reaches the page; a promise that is rejected would not. */
addEventListener(
  "message",
  ({ data }: MessageEvent<Ask>) => void answer(data).then((said) => postMessage(said), reportError),
);

async function answer(question: Ask): Promise<Answer> {
  if (question.ask === "payloads") return { payloads: payloads(question.from) };
  if (question.ask === "fingerprint") return { fingerprint: await digestOf(tasks.whole()) };
  try {
    tasks = new Tasks();
    tasks = await read(question.source, question.reading);
    const { count, bytes, first, names, fewest, most } = tasks;
    return { read: { count, bytes, first, names, fewest, most } };
  } catch (error) {
    if (error instanceof RangeError) return { refused: { problem: "too_large", line: 0, found: "" } }; // out of memory
    if (!(error instanceof InputError)) throw error;
    return { refused: { problem: error.problem, line: error.line, found: error.found } };
  }
}

async function read(source: string | Blob, reading: Reading): Promise<Tasks> {
  if (typeof source === "string") return parse(source, reading);
  try {
    return parse(new TextDecoder("utf-8", { fatal: true }).decode(await source.arrayBuffer()), reading);
  } catch (error) {
    throw error instanceof TypeError ? new InputError("not_text", 0) : error;
  }
}

function payloads(from: number): Uint8Array<ArrayBuffer>[] {
  const batch: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (let place = from; place < tasks.count && batch.length < BATCH_TASKS; place += 1) {
    const payload = tasks.payload(place);
    if (batch.length > 0 && bytes + payload.length > BATCH_BYTES) break;
    batch.push(payload);
    bytes += payload.length;
  }
  return batch;
}
