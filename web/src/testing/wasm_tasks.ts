// Runs tasks of the wasm runtime in this engine, for tests that compare it with wasmtime: one JSON list of cases on
// standard input, `{module, program, instructions, output_bytes, arguments}` in hexadecimal, outcomes as such on standard
// output.

import { readFileSync } from "node:fs";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { runTask, seedOf } from "../node/wasm/task";

interface Case {
  module: string;
  program: string;
  instructions: number;
  output_bytes: number;
  arguments: string[];
}

const cases = JSON.parse(readFileSync(0, "utf-8")) as Case[];
const outcomes = cases.map((each) => {
  const module = new WebAssembly.Module(hexToBytes(each.module) as Uint8Array<ArrayBuffer>);
  const limits = { wall_ms: 0, memory_bytes: 0, output_bytes: each.output_bytes, instructions: each.instructions };
  return each.arguments.map((argument) =>
    bytesToHex(runTask(module, limits, seedOf(hexToBytes(each.program), hexToBytes(argument)), hexToBytes(argument))),
  );
});
console.log(JSON.stringify(outcomes));
