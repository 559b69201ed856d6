// A text of inputs to the arguments of tasks, in their canonical bytes. Pure; what it refuses, it refuses with the line.

import { JsonError, JsonParser, parseJson } from "../../../values/json";
import { BadValue, type Plain } from "../../../values/value";
import { BadCsv, rowsOf, separatorOf } from "./csv";
import { InputError } from "./problem";
import { MAX_TASKS, Tasks } from "./tasks";

export type Form = "lines" | "json_lines" | "csv" | "json";
export type Header = "detect" | "yes" | "no";

export interface Reading {
  readonly form: Form;
  /** Python is called with values; a WebAssembly module reads a line of text. */
  readonly runtime: "python" | "wasm";
  /** CSV: whether the first row has names. */
  readonly header: Header;
  /** CSV: cells that are numbers become numbers. */
  readonly numbers: boolean;
  /** JSON: an array is several arguments, not one. */
  readonly spread: boolean;
}

/** Throws InputError. */
export function parse(text: string, reading: Reading, maxTasks = MAX_TASKS): Tasks {
  const tasks = new Tasks(maxTasks);
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  try {
    if (reading.runtime === "wasm") textLines(source, (line, number) => tasks.addText(line, number));
    else READERS[reading.form](source, reading, tasks);
  } catch (error) {
    throw asInputError(error);
  }
  return tasks;
}

const READERS: Record<Form, (source: string, reading: Reading, tasks: Tasks) => void> = {
  lines: (source, _, tasks) => textLines(source, (line, number) => tasks.add([line], number)),
  json_lines: (source, { spread }, tasks) =>
    textLines(source, (line, number) => tasks.add(argumentsOf(jsonOf(line, number), spread), number)),
  csv: readCsv,
  json: readJson,
};

/** Every line but blank ones. */
function textLines(source: string, take: (line: string, number: number) => void): void {
  let [start, number] = [0, 1];
  while (start <= source.length) {
    const end = source.indexOf("\n", start);
    const line = source.slice(start, end < 0 ? source.length : end).replace(/\r$/, "");
    if (line.trim() !== "") take(line, number);
    if (end < 0) return;
    start = end + 1;
    number += 1;
  }
}

function jsonOf(line: string, number: number): Plain {
  try {
    return parseJson(line);
  } catch (error) {
    if (error instanceof JsonError) throw new InputError(error.problem, number, error.found);
    throw error;
  }
}

function readJson(source: string, { spread }: Reading, tasks: Tasks): void {
  if (source.trim() === "") return;
  const parser = new JsonParser(source);
  if (!parser.startsWith("[")) throw new InputError("no_array", 1);
  for (const item of parser.items()) tasks.add(argumentsOf(item, spread), tasks.count + 1);
  parser.end();
}

function argumentsOf(value: Plain, spread: boolean): readonly Plain[] {
  return spread && Array.isArray(value) ? value : [value];
}

function readCsv(source: string, { header, numbers }: Reading, tasks: Tasks): void {
  const rows = rowsOf(source, separatorOf(source));
  const taken: { cells: readonly Plain[]; line: number }[] = [];
  for (const { cells, line } of rows) {
    const values = numbers ? cells.map(cellOf) : cells;
    if (tasks.count > 0 || taken.length >= 2) tasks.add(values, line);
    else taken.push({ cells: values, line });
    if (taken.length === 2) flush(taken, header, tasks);
  }
  if (taken.length > 0) flush(taken, header, tasks);
}

/** The first rows, when it is clear whether the very first is one of names. */
function flush(taken: { cells: readonly Plain[]; line: number }[], header: Header, tasks: Tasks): void {
  const [first, second] = taken;
  const named = header === "yes" || (header === "detect" && isHeader(first?.cells ?? [], second?.cells));
  if (named) tasks.names = first?.cells.map(String);
  for (const { cells, line } of named ? taken.slice(1) : taken) tasks.add(cells, line);
  taken.length = 0;
}

const NAME = /^\s*[\p{L}_]/u;

/** Names begin with letters, and below one of them stands something else. */
function isHeader(first: readonly Plain[], second: readonly Plain[] | undefined): boolean {
  const named = first.every((cell) => typeof cell === "string" && NAME.test(cell));
  return named && (second?.some((cell) => typeof cell !== "string") ?? false);
}

const INTEGER = /^-?(?:0|[1-9]\d{0,4000})$/;
const DECIMAL = /^-?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?$/;

/** 007 and +49 stay text: they are names of things, not numbers. */
function cellOf(cell: string): Plain {
  const bare = cell.trim();
  if (INTEGER.test(bare)) return BigInt(bare);
  return DECIMAL.test(bare) ? Number(bare) : cell;
}

function asInputError(error: unknown): unknown {
  if (error instanceof JsonError) return new InputError(error.problem, error.line, error.found);
  if (error instanceof BadCsv) return new InputError(error.problem, error.line);
  return error instanceof BadValue ? new InputError("value", 0, error.message) : error;
}
