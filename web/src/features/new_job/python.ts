// What a Python source offers and needs, read well enough to choose a function and to warn early. The coordinator and
// the sandbox judge; nothing here is a wall.

import { MODULES } from "./modules";

/** A function that can be called from outside: a `def` at the beginning of a line. */
export interface PythonFunction {
  readonly name: string;
  /** As written, between the parentheses. */
  readonly parameters: string;
  readonly fewest: number;
  /** Infinity with `*args`. */
  readonly most: number;
  /** Why it cannot be an entry. */
  readonly problem: "async" | "generator" | "keywords" | undefined;
}

export interface PythonImport {
  readonly module: string;
  readonly line: number;
}

const DEF = /^(async[ \t]+)?def[ \t]+([\p{L}_][\p{L}\p{N}_]*)[ \t]*(?:\[[^\]]*\][ \t]*)?\(/gmu;
const IMPORT = /^[ \t]*(?:import[ \t]+([\w., \t]+)|from[ \t]+(\.*[\w.]*)[ \t]+import\b)/gmu;

export function functionsOf(source: string): PythonFunction[] {
  const code = masked(source);
  const found = new Map<string, PythonFunction>();
  for (const match of code.matchAll(DEF)) {
    const open = match.index + match[0].length;
    const close = closing(code, open);
    if (close < 0) continue;
    const name = match[2] as string;
    const shape = arity(code.slice(open, close));
    const problem = match[1] ? "async" : isGenerator(code, close) ? "generator" : shape.problem;
    found.delete(name); // the last one of a name is the one that counts
    const parameters = source.slice(open, close).replace(/\s+/g, " ").trim();
    found.set(name, { name, parameters, fewest: shape.fewest, most: shape.most, problem });
  }
  return [...found.values()];
}

/** Imports that the sandbox cannot answer, once each. */
export function missingImports(source: string): PythonImport[] {
  const code = masked(source);
  const missing = new Map<string, PythonImport>();
  for (const match of code.matchAll(IMPORT)) {
    const line = code.slice(0, match.index).split("\n").length;
    const named = match[1]?.split(",").map((part) => part.trim().split(/\s+as\s+|\s/)[0] ?? "") ?? [match[2] ?? ""];
    for (const full of named) {
      const module = full.startsWith(".") ? full : (full.split(".")[0] ?? "");
      const there = module === "" || module.startsWith("_") || MODULES.has(module);
      if (!there && !missing.has(module)) missing.set(module, { module, line });
    }
  }
  return [...missing.values()];
}

/** The source with the insides of its texts and comments blanked: same length, same lines. */
export function masked(source: string): string {
  const TOKENS = /#[^\n]*|("""|''')(?:\\[\s\S]|(?!\1)[\s\S])*(?:\1|$)|(["'])(?:\\[\s\S]|(?!\2)[^\\\n])*(?:\2|$)?/g;
  return source.replace(TOKENS, (token) => token.replace(/[^\n]/g, " "));
}

/** Where the bracket that was opened before `from` closes; -1: nowhere. */
function closing(code: string, from: number): number {
  let depth = 1;
  for (let at = from; at < code.length; at += 1) {
    if ("([{".includes(code[at] as string)) depth += 1;
    if (")]}".includes(code[at] as string)) depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}

function arity(parameters: string): Pick<PythonFunction, "fewest" | "most" | "problem"> {
  let [fewest, most] = [0, 0];
  let keywords = false;
  let problem: PythonFunction["problem"];
  for (const part of split(parameters)) {
    const optional = part.replace(/[=!<>]=/g, "").includes("=");
    if (part === "/" || part.startsWith("**")) continue;
    if (part.startsWith("*")) {
      keywords = true;
      if (part !== "*") most = Number.POSITIVE_INFINITY;
    } else if (keywords) {
      if (!optional) problem = "keywords";
    } else {
      most += 1;
      if (!optional) fewest = most;
    }
  }
  return { fewest, most, problem };
}

/** At the commas that stand in no bracket. */
function split(parameters: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const sign of parameters) {
    if ("([{".includes(sign)) depth += 1;
    if (")]}".includes(sign)) depth -= 1;
    if (sign === "," && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else part += sign;
  }
  return [...parts, part.trim()].filter((one) => one !== "");
}

/** A `yield` in the body, outside of functions in it. */
function isGenerator(code: string, from: number): boolean {
  const rest = code.slice(from);
  const end = rest.slice(1).search(/\n[^\s#)\]}]/);
  const body = end < 0 ? rest : rest.slice(0, end + 1);
  return /\byield\b/.test(body) && !/\n[ \t]+(async[ \t]+)?def\b/.test(body) && !/\blambda\b/.test(body);
}
