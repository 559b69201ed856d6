import { useEffect, useRef, useState } from "react";
import { currentLocale } from "../../app/locale";
import { type Change, type Draft, emptyDraft } from "./draft";
import { Drafts, freshNonce } from "./drafts";

const KEEP_MS = 300;

export interface DraftInUse {
  /** Undefined while the one of before is looked for. */
  readonly draft: Draft | undefined;
  readonly change: Change;
  /** It became a job. */
  done(): Promise<void>;
}

export function freshDraft(): Draft {
  return emptyDraft(freshNonce(), currentLocale() === "de");
}

/** The draft of this tab, kept a moment after every change and when the page goes away. */
export function useDraft(account: string): DraftInUse {
  const [drafts] = useState(() => new Drafts(account));
  const [draft, setDraft] = useState<Draft>();
  const latest = useRef<Draft>(undefined);
  const gone = useRef(false);
  latest.current = gone.current ? undefined : draft;
  useEffect(() => {
    let here = true;
    drafts.load().then((kept) => here && setDraft(kept ? { ...emptyDraft(""), ...kept } : freshDraft()));
    return () => {
      here = false;
    };
  }, [drafts]);
  useEffect(() => {
    if (!draft) return;
    const timer = setTimeout(() => void drafts.keep(draft), KEEP_MS);
    return () => clearTimeout(timer);
  }, [draft, drafts]);
  useEffect(() => {
    const keep = () => {
      if (latest.current) void drafts.keep(latest.current);
    };
    addEventListener("pagehide", keep);
    return () => {
      removeEventListener("pagehide", keep);
      keep();
    };
  }, [drafts]);
  return {
    draft,
    change: (part) => setDraft((old) => old && { ...old, ...part }),
    done: async () => {
      gone.current = true;
      latest.current = undefined;
      await drafts.forget();
    },
  };
}
