// Everything that can be typed on this page, as one value: what is kept across a reload, and what a job is made of.

import type { Form, Header } from "./inputs/parse";

export type Runtime = "python" | "wasm";
export const POLICIES = ["classic", "pair", "adaptive", "checked", "trusted"] as const;
export type Policy = (typeof POLICIES)[number];
export const STRATEGIES = [
  "reliability_weighted",
  "load_balanced",
  "capability_matched",
  "locality_aware",
  "cost_optimized",
  "round_robin",
] as const;
export const VALIDATORS = ["exact", "numeric_tolerance", "set"] as const;

export interface Draft {
  /** Of this job: a repeated submission is known by it. */
  readonly nonce: string;
  readonly runtime: Runtime;
  readonly source: string;
  readonly entry: string;
  readonly module: File | undefined;
  /** Policy checked: a function of the source, or a second module. */
  readonly verifierEntry: string;
  readonly verifierModule: File | undefined;
  readonly form: Form | "files";
  readonly text: string;
  /** Instead of the text. */
  readonly file: File | undefined;
  readonly files: readonly File[];
  readonly header: Header;
  readonly numbers: boolean;
  readonly spread: boolean;
  /** Empty: the function's. */
  readonly name: string;
  readonly purpose: string;
  /** Empty: the network's. */
  readonly currency: string;
  readonly price: string;
  /** On top for an agreeing vote that came in time; empty: none. */
  readonly bonus: string;
  /** Seconds a task that are in time. */
  readonly bonusWithinS: string;
  /** Empty: as the coordinator suggests. */
  readonly budget: string;
  readonly policy: Policy;
  readonly epsilon: string;
  readonly deadlineH: string;
  readonly minutes: string;
  readonly countries: string;
  readonly notCountries: string;
  readonly memoryGb: string;
  readonly cores: string;
  readonly gpu: boolean;
  readonly strategy: string;
  readonly validator: (typeof VALIDATORS)[number];
  readonly tolerance: string;
}

export type Change = (part: Partial<Draft>) => void;

/** `comma`: people here write 0,001. */
export function emptyDraft(nonce: string, comma = false): Draft {
  return {
    nonce,
    runtime: "python",
    source: "",
    entry: "",
    module: undefined,
    verifierEntry: "",
    verifierModule: undefined,
    form: "lines",
    text: "",
    file: undefined,
    files: [],
    header: "detect",
    numbers: true,
    spread: false,
    name: "",
    purpose: "",
    currency: "",
    price: comma ? "0,001" : "0.001",
    bonus: "",
    bonusWithinS: "",
    budget: "",
    policy: "classic",
    epsilon: "0.001",
    deadlineH: "",
    minutes: "1",
    countries: "",
    notCountries: "",
    memoryGb: "",
    cores: "",
    gpu: false,
    strategy: "",
    validator: "exact",
    tolerance: "1e-9",
  };
}

/** The form that is used: a module reads text or files, a function is never given a file. */
export function formOf(draft: Draft): Form | "files" {
  if (draft.runtime === "wasm") return draft.form === "files" ? "files" : "lines";
  return draft.form === "files" ? "lines" : draft.form;
}
