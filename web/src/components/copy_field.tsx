import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useText } from "../app/text";
import { IconButton } from "./button";
import { words } from "./words";

const SHOWN_MS = 2_000;

/** Something to take along: an id, a command, a secret that is shown once. */
export function CopyField({ value, label }: { value: string; label: string }) {
  const t = useText(words);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <div className="flex min-w-0 items-center gap-1 rounded-md border border-line bg-surface py-0.5 pr-0.5 pl-3">
      <input
        readOnly
        value={value}
        aria-label={label}
        onFocus={(event) => event.currentTarget.select()}
        className="min-w-0 flex-1 bg-transparent font-mono text-xs outline-none"
      />
      <IconButton label={copied ? t("copied") : t("copy")} onClick={() => void copy(value).then(setCopied)}>
        {copied ? <Check aria-hidden className="size-4 text-accent" /> : <Copy aria-hidden className="size-4" />}
      </IconButton>
      <span role="status" className="sr-only">
        {copied ? t("copied") : ""}
      </span>
    </div>
  );
}

/** Whether it is on the clipboard; browsers refuse on pages without https, where the text can still be marked. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
