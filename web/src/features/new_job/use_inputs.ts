import { useEffect, useRef, useState } from "react";
import { type Draft, formOf } from "./draft";
import { filePayloads, type Outcome, type Payloads, Reader } from "./inputs/reader";

const QUIET_MS = 200;

export interface Inputs {
  /** What was read last; undefined before that. */
  readonly outcome: Outcome | undefined;
  readonly reading: boolean;
  payloads(): Payloads;
}

/** Reads the inputs of a draft in a worker, a moment after the last change. */
export function useInputs(draft: Draft): Inputs {
  const reader = useRef<Reader>(undefined);
  const [outcome, setOutcome] = useState<Outcome>();
  const [reading, setReading] = useState(false);
  const { text, file, header, numbers, spread, runtime } = draft;
  const form = formOf(draft);
  useEffect(() => {
    const made = new Reader();
    reader.current = made;
    return () => made.close();
  }, []);
  useEffect(() => {
    let wanted = true;
    if (form === "files") {
      setOutcome(undefined);
      setReading(false);
      return;
    }
    setReading(true);
    const timer = setTimeout(async () => {
      const found = await reader.current?.read(file ?? text, { form, runtime, header, numbers, spread });
      if (!wanted) return;
      setOutcome(found);
      setReading(false);
    }, QUIET_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [text, file, form, header, numbers, spread, runtime]);
  return {
    outcome,
    reading,
    payloads: () => {
      if (form === "files") return filePayloads(draft.files);
      const count = outcome && "read" in outcome ? outcome.read.count : 0;
      return (reader.current as Reader).payloads(count);
    },
  };
}
