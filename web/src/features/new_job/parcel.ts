// A draft as what is handed over, and as what can be tried here.

import { microsOf, numberOf } from "./amounts";
import { type Draft, formOf } from "./draft";
import type { Payloads } from "./inputs/reader";
import { orderOf } from "./order";
import type { PythonFunction } from "./python";
import type { Parcel } from "./submission";
import type { Trial } from "./try_here";
import type { Inputs } from "./use_inputs";

const TRY_LIMIT_S = 60;

/** `budget`: what the coordinator suggests for this very job, where the draft names none. */
export async function parcelOf(draft: Draft, payloads: Payloads, budget: () => Promise<number>): Promise<Parcel> {
  const program = await programOf(draft);
  return {
    nonce: draft.nonce,
    program,
    verifier: draft.policy === "checked" ? await verifierOf(draft, program) : undefined,
    payloads,
    order: async (uploaded) => orderOf(draft, uploaded, microsOf(draft.budget) ?? (await budget())),
  };
}

/** What the card needs to run the first inputs; without `trial` there is nothing to run yet. */
export function trialOf(draft: Draft, inputs: Inputs, entry: PythonFunction | undefined) {
  const files = formOf(draft) === "files";
  const read = inputs.outcome && "read" in inputs.outcome ? inputs.outcome.read : undefined;
  const count = files ? draft.files.length : (read?.count ?? 0);
  const name = entry?.name ?? "";
  const first = files ? draft.files.map((file) => file.name) : (read?.first ?? []);
  const ready = count > 0 && (draft.runtime === "python" ? entry !== undefined : draft.module !== undefined);
  const { source, module, text, file, form, header, numbers, spread } = draft;
  const trial = async (tries: number): Promise<Trial> => ({
    runtime: draft.runtime,
    program: await programOf(draft),
    entry: draft.runtime === "python" ? name : "",
    inputs: await firstOf(inputs.payloads(), tries),
    wallMs: 1_000 * Math.min(TRY_LIMIT_S, 60 * (numberOf(draft.minutes, 0.01, 60) || 1)),
  });
  return {
    trial: ready ? trial : undefined,
    count,
    calls: draft.runtime === "python" ? first.map((call) => name + call) : first,
    mark: JSON.stringify([source, name, module?.name, text, file?.name, form, header, numbers, spread]),
  };
}

async function firstOf(payloads: Payloads, count: number): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  while (found.length < count) found.push(...(await payloads.payloads(found.length)));
  return found.slice(0, count);
}

async function programOf({ runtime, source, module }: Draft): Promise<Uint8Array> {
  if (runtime === "python") return new TextEncoder().encode(source);
  return new Uint8Array((await module?.arrayBuffer()) ?? new ArrayBuffer());
}

/** A function that checks travels in the program itself. */
async function verifierOf({ runtime, verifierModule }: Draft, program: Uint8Array): Promise<Uint8Array> {
  if (runtime === "python") return program;
  return new Uint8Array((await verifierModule?.arrayBuffer()) ?? new ArrayBuffer());
}
