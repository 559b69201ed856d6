// From what was typed to what is ordered: every check that needs no coordinator, and the order itself. Pure.

import type { JobOrder } from "../../api";
import { microsOf, numberOf } from "./amounts";
import { type Draft, formOf } from "./draft";
import type { Outcome } from "./inputs/reader";
import { functionsOf, type PythonFunction } from "./python";

const MAX_SOURCE_BYTES = 4 << 20;
const MAX_MODULE_BYTES = 16 << 20;
const MAX_FILE_BYTES = 64 << 20;
const MAX_NAME_CHARS = 100;
const GIGABYTE = 2 ** 30;

/** Where something is wrong; `words` names the message. */
export interface Problem {
  readonly field:
    | "source"
    | "entry"
    | "module"
    | "verifier"
    | "inputs"
    | "name"
    | "price"
    | "bonus"
    | "bonusWithin"
    | "budget"
    | "deadline"
    | "minutes"
    | "countries"
    | "cores"
    | "tolerance";
  readonly words: ProblemWords;
  readonly values?: Readonly<Record<string, string | number>>;
}

export type ProblemWords =
  | "noSource"
  | "sourceTooLarge"
  | "noFunction"
  | "entryAsync"
  | "entryGenerator"
  | "entryKeywords"
  | "noModule"
  | "moduleTooLarge"
  | "noVerifier"
  | "noInputs"
  | "inputsUnreadable"
  | "fileTooLarge"
  | "tooFew"
  | "tooMany"
  | "nameTooLong"
  | "badPrice"
  | "badBonus"
  | "noBonusWithin"
  | "badBonusWithin"
  | "bonusNoTime"
  | "badBudget"
  | "smallBudget"
  | "badDeadline"
  | "badMinutes"
  | "badCountries"
  | "countryTwice"
  | "badCores"
  | "badTolerance";

/** What is known beside the draft. */
export interface Facts {
  readonly inputs: Outcome | undefined;
  /** What a budget has to cover, bonuses included. */
  readonly estimateMicros: number | undefined;
  isCountry(code: string): boolean;
}

export function countOf(draft: Draft, inputs: Outcome | undefined): number {
  if (formOf(draft) === "files") return draft.files.length;
  return inputs !== undefined && "read" in inputs ? inputs.read.count : 0;
}

/** The function that is called: the chosen one, or the only one there is to choose. */
export function entryOf(draft: Draft, functions: readonly PythonFunction[]): PythonFunction | undefined {
  return functions.find(({ name }) => name === draft.entry) ?? functions.at(-1);
}

export function nameOf(draft: Draft, entry: PythonFunction | undefined): string {
  const module = draft.module?.name.replace(/\.wasm$/i, "") ?? "";
  const fallback = draft.runtime === "python" ? (entry?.name ?? "") : module;
  return clean(draft.name) || clean(fallback).slice(0, MAX_NAME_CHARS) || "job";
}

export function problemsOf(draft: Draft, facts: Facts): Problem[] {
  const program = draft.runtime === "python" ? pythonProblems(draft, facts) : moduleProblems(draft);
  return [...program, ...inputProblems(draft, facts), ...termProblems(draft, facts), ...demandProblems(draft, facts)];
}

function pythonProblems(draft: Draft, { inputs }: Facts): Problem[] {
  if (draft.source.trim() === "") return [{ field: "source", words: "noSource" }];
  if (draft.source.length > MAX_SOURCE_BYTES) return [{ field: "source", words: "sourceTooLarge" }];
  const functions = functionsOf(draft.source);
  const entry = entryOf(draft, functions);
  if (entry === undefined) return [{ field: "source", words: "noFunction" }];
  const problems: Problem[] = [];
  const unfit = ({ async: "entryAsync", generator: "entryGenerator", keywords: "entryKeywords" } as const)[
    entry.problem ?? ("" as "async")
  ];
  if (unfit) problems.push({ field: "entry", words: unfit, values: { name: entry.name } });
  if (draft.policy === "checked" && !functions.some(({ name }) => name === draft.verifierEntry)) {
    problems.push({ field: "verifier", words: "noVerifier" });
  }
  return [...problems, ...arityProblems(entry, inputs)];
}

/** Better told here than a thousand times there. */
function arityProblems({ name, fewest, most }: PythonFunction, inputs: Outcome | undefined): Problem[] {
  if (inputs === undefined || !("read" in inputs)) return [];
  const { fewest: least, most: largest } = inputs.read;
  if (least && least.count < fewest) {
    return [
      { field: "inputs", words: "tooFew", values: { name, line: least.line, given: least.count, wanted: fewest } },
    ];
  }
  if (largest && largest.count > most) {
    return [
      { field: "inputs", words: "tooMany", values: { name, line: largest.line, given: largest.count, wanted: most } },
    ];
  }
  return [];
}

function moduleProblems({ module, policy, verifierModule }: Draft): Problem[] {
  if (module === undefined) return [{ field: "module", words: "noModule" }];
  const problems: Problem[] = [];
  if (module.size > MAX_MODULE_BYTES) problems.push({ field: "module", words: "moduleTooLarge" });
  if (policy === "checked" && verifierModule === undefined) problems.push({ field: "verifier", words: "noVerifier" });
  return problems;
}

function inputProblems(draft: Draft, { inputs }: Facts): Problem[] {
  if (formOf(draft) === "files") {
    const large = draft.files.find(({ size }) => size > MAX_FILE_BYTES);
    if (large) return [{ field: "inputs", words: "fileTooLarge", values: { name: large.name } }];
  } else if (inputs !== undefined && "refused" in inputs) return [{ field: "inputs", words: "inputsUnreadable" }];
  return countOf(draft, inputs) === 0 ? [{ field: "inputs", words: "noInputs" }] : [];
}

function termProblems(draft: Draft, { estimateMicros }: Facts): Problem[] {
  const problems: Problem[] = [];
  if (clean(draft.name).length > MAX_NAME_CHARS) problems.push({ field: "name", words: "nameTooLong" });
  if (draft.policy !== "trusted" && !microsOf(draft.price)) problems.push({ field: "price", words: "badPrice" });
  problems.push(...bonusProblems(draft));
  if (draft.policy !== "trusted" && draft.budget.trim() !== "") {
    const budget = microsOf(draft.budget);
    if (budget === undefined) problems.push({ field: "budget", words: "badBudget" });
    else if (estimateMicros !== undefined && budget < estimateMicros) {
      problems.push({ field: "budget", words: "smallBudget" });
    }
  }
  return problems;
}

/** Whoever is in time for every task that ends at all earns no bonus but a higher price. */
function bonusProblems(draft: Draft): Problem[] {
  if (draft.policy === "trusted" || draft.bonus.trim() === "") return [];
  if (!microsOf(draft.bonus)) return [{ field: "bonus", words: "badBonus" }];
  const withinS = bonusWithinOf(draft);
  if (withinS === undefined) return [{ field: "bonusWithin", words: "noBonusWithin" }];
  if (Number.isNaN(withinS)) return [{ field: "bonusWithin", words: "badBonusWithin" }];
  if (withinS > wallOf(draft)) return [{ field: "bonusWithin", words: "bonusNoTime" }];
  return [];
}

function bonusWithinOf({ bonusWithinS }: Draft): number | undefined {
  return numberOf(bonusWithinS, 0.001, 3_600);
}

function wallOf({ minutes }: Draft): number {
  return Math.max(0.1, 60 * (numberOf(minutes, 0.01, 60) || 1));
}

/** What of a draft the price of its votes depends on, as orders and estimates name it. */
export function priceOf(draft: Draft): { currency?: string; price_micros: number; bonus_micros?: number } {
  const currency = draft.currency && { currency: draft.currency };
  if (draft.policy === "trusted") return { ...currency, price_micros: 0 };
  const bonus = microsOf(draft.bonus);
  return { ...currency, price_micros: microsOf(draft.price) ?? 0, ...(bonus && { bonus_micros: bonus }) };
}

function demandProblems(draft: Draft, { isCountry }: Facts): Problem[] {
  const problems: Problem[] = [];
  const wrong = (text: string, least: number, most: number) => Number.isNaN(numberOf(text, least, most) ?? least);
  if (wrong(draft.deadlineH, 0.01, 720)) problems.push({ field: "deadline", words: "badDeadline" });
  if (wrong(draft.minutes, 0.01, 60)) problems.push({ field: "minutes", words: "badMinutes" });
  if (wrong(draft.cores, 1, 4_096)) problems.push({ field: "cores", words: "badCores" });
  if (draft.validator === "numeric_tolerance" && wrong(draft.tolerance, 0, 0.5)) {
    problems.push({ field: "tolerance", words: "badTolerance" });
  }
  const [only, never] = [countriesOf(draft.countries), countriesOf(draft.notCountries)];
  const unknown = [...only, ...never].filter((code) => !isCountry(code));
  const twice = only.find((code) => never.includes(code));
  if (unknown.length > 0) {
    problems.push({ field: "countries", words: "badCountries", values: { codes: unknown.join(", ") } });
  } else if (twice) problems.push({ field: "countries", words: "countryTwice", values: { codes: twice } });
  return problems;
}

/** What was typed, as country codes; whether they are some is another question. */
export function countriesOf(text: string): string[] {
  const codes = text.split(/[\s,;]+/).filter((code) => code !== "");
  return [...new Set(codes.map((code) => code.toUpperCase()))];
}

/** Digests of what was uploaded. */
export interface Uploaded {
  readonly program: string;
  readonly verifier: string | undefined;
}

/** The order of a draft without problems. Only what differs from the coordinator's own choice is named. */
export function orderOf(draft: Draft, uploaded: Uploaded, budgetMicros: number): JobOrder {
  const python = draft.runtime === "python";
  const entry = python ? entryOf(draft, functionsOf(draft.source)) : undefined;
  const deadlineH = numberOf(draft.deadlineH, 0.01, 720);
  const purpose = clean(draft.purpose);
  const [price, withinS] = [priceOf(draft), bonusWithinOf(draft)];
  return {
    name: nameOf(draft, entry),
    ...(purpose && { purpose }),
    runtime: draft.runtime,
    program: uploaded.program,
    entry: entry?.name ?? "",
    policy: draft.policy,
    ...(draft.policy === "adaptive" && { epsilon: Number(draft.epsilon) }),
    ...(uploaded.verifier && { verifier: uploaded.verifier, verifier_entry: python ? draft.verifierEntry : "" }),
    ...validation(draft),
    ...(draft.strategy && { strategy: draft.strategy }),
    requirements: requirements(draft),
    ...price,
    ...(price.bonus_micros && withinS && { bonus_within_s: withinS }),
    budget_micros: draft.policy === "trusted" ? 0 : budgetMicros,
    limits: { wall_s: wallOf(draft) },
    ...(deadlineH !== undefined && { deadline_s: 3_600 * deadlineH }),
  };
}

function validation({ validator, tolerance }: Draft): Partial<JobOrder> {
  if (validator === "exact") return {};
  const rel = numberOf(tolerance, 0, 0.5);
  const parameters = validator === "numeric_tolerance" && rel !== undefined ? { validator_parameters: { rel } } : {};
  return { validator, ...parameters };
}

function requirements(draft: Draft): NonNullable<JobOrder["requirements"]> {
  const [countries, not_countries] = [countriesOf(draft.countries), countriesOf(draft.notCountries)];
  return {
    ...(draft.memoryGb && { memory_bytes: Number(draft.memoryGb) * GIGABYTE }),
    ...(draft.cores.trim() && { cores: Math.ceil(numberOf(draft.cores, 1, 4_096) ?? 0) }),
    ...(draft.gpu && { gpu: true }),
    ...(countries.length > 0 && { countries }),
    ...(not_countries.length > 0 && { not_countries }),
  };
}

/** One line without control characters: what the coordinator takes. */
function clean(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}
