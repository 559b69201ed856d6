import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronDown, Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useText } from "../../app/text";
import { IconButton } from "../../components/button";
import { text } from "./messages";
import type { JobsSearch } from "./search";
import { Segments } from "./segments";

const STATES = [undefined, "live", "done", "cancelled"] as const;
const RUNTIMES = ["python", "wasm"] as const;
const REST_MS = 300;

/** What of the list is shown; all of it is in the address, so that it can be linked and gone back to. */
export function Filters() {
  const t = useText(text);
  const search = useSearch({ from: "/shell/jobs" });
  const change = useChange();
  return (
    <div className="flex flex-wrap items-center gap-3 px-4 pb-3 sm:px-5">
      <Finder q={search.q ?? ""} onFind={(q) => change({ q: q || undefined })} />
      <Segments
        label={t("state")}
        value={search.state}
        onChange={(state) => change({ state })}
        segments={STATES.map((state) => ({ value: state, label: t(state ?? "any") }))}
      />
      <div className="relative">
        <select
          aria-label={t("runtime")}
          value={search.runtime ?? ""}
          onChange={(event) => change({ runtime: RUNTIMES.find((one) => one === event.currentTarget.value) })}
          className="h-9 appearance-none rounded-md border border-line bg-surface pr-9 pl-3 text-sm hover:border-line-strong"
        >
          <option value="">{t("anyRuntime")}</option>
          {RUNTIMES.map((runtime) => (
            <option key={runtime} value={runtime}>
              {t(runtime)}
            </option>
          ))}
        </select>
        <ChevronDown aria-hidden className="pointer-events-none absolute top-2.5 right-3 size-4 text-ink-faint" />
      </div>
    </div>
  );
}

function useChange(): (changed: Partial<JobsSearch>) => void {
  const navigate = useNavigate({ from: "/jobs" });
  return (changed) =>
    void navigate({ search: (old) => ({ ...old, ...changed, cursor: undefined }), replace: true, resetScroll: false });
}

/** Asks when typing rests, not for every letter. */
function Finder({ q, onFind }: { q: string; onFind: (q: string) => void }) {
  const t = useText(text);
  const [typed, setTyped] = useState(q);
  const find = useRef(onFind);
  find.current = onFind;
  useEffect(() => setTyped(q), [q]);
  useEffect(() => {
    if (typed.trim() === q) return;
    const timer = setTimeout(() => find.current(typed.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, q]);
  return (
    <div className="relative min-w-48 flex-1 sm:max-w-xs">
      <Search aria-hidden className="pointer-events-none absolute top-2.5 left-3 size-4 text-ink-faint" />
      <input
        type="search"
        aria-label={t("find")}
        placeholder={t("find")}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        className="h-9 w-full rounded-md border border-line bg-surface pr-9 pl-9 text-base placeholder:text-ink-faint hover:border-line-strong sm:text-sm [&::-webkit-search-cancel-button]:hidden"
      />
      {typed !== "" && (
        <IconButton label={t("clearWord")} onClick={() => setTyped("")} className="absolute top-0 right-0">
          <X aria-hidden className="size-4" />
        </IconButton>
      )}
    </div>
  );
}
