import type { JsonError } from "../../../values/json";
import type { BadCsv } from "./csv";

export type InputProblem = JsonError["problem"] | BadCsv["problem"] | "no_array" | "value" | "too_many" | "too_large";

/** Inputs that cannot be read; `line` counts from 1, 0: of the whole. */
export class InputError extends Error {
  constructor(
    readonly problem: InputProblem | "not_text",
    readonly line: number,
    readonly found = "",
  ) {
    super(`${problem} at line ${line}`);
  }
}
