import { useCallback, useEffect, useRef, useState } from "react";
import { coordinator } from "./coordinator";
import { type Parcel, type Step, Submission } from "./submission";

export type Sending =
  | { readonly state: "none" }
  | { readonly state: "sending"; readonly step: Step }
  /** It stopped at something that waiting does not mend. */
  | { readonly state: "stopped"; readonly step: Step; readonly error: unknown };

export interface SubmissionInUse {
  readonly sending: Sending;
  start(parcel: Parcel): void;
  /** After it stopped. */
  goOn(): void;
  /** Takes back what came about so far. */
  withdraw(): Promise<void>;
}

const NOTHING: Step = { phase: "program", done: 0, total: 0, waiting: undefined };

/** One job on its way to the coordinator; `onDone` hears its id. */
export function useSubmission(onDone: (job: string) => void): SubmissionInUse {
  const [sending, setSending] = useState<Sending>({ state: "none" });
  const held = useRef<Submission>(undefined);
  const control = useRef<AbortController>(undefined);
  const step = useRef<Step>(NOTHING);
  useEffect(() => () => control.current?.abort(), []);

  const run = useCallback(async () => {
    const submission = held.current;
    if (!submission) return;
    const own = new AbortController();
    control.current = own;
    try {
      onDone(await submission.run(own.signal));
    } catch (error) {
      if (!own.signal.aborted) setSending({ state: "stopped", step: step.current, error });
    }
  }, [onDone]);

  return {
    sending,
    start: (parcel) => {
      held.current = new Submission(parcel, coordinator, pause, (next) => {
        step.current = next;
        setSending({ state: "sending", step: next });
      });
      void run();
    },
    goOn: () => void run(),
    withdraw: async () => {
      control.current?.abort();
      const submission = held.current;
      held.current = undefined;
      try {
        await submission?.withdraw();
      } finally {
        setSending({ state: "none" });
      }
    },
  };
}

/** So long, or until the connection comes back. Rejects when `signal` aborts. */
function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = new AbortController();
    const timer = setTimeout(() => done(resolve), seconds * 1_000);
    const done = (act: () => void) => {
      clearTimeout(timer);
      end.abort();
      act();
    };
    addEventListener("online", () => done(resolve), { signal: end.signal });
    signal.addEventListener("abort", () => done(() => reject(signal.reason)), { signal: end.signal });
  });
}
