import { X } from "lucide-react";
import { type ReactNode, useSyncExternalStore } from "react";
import { useText } from "../app/text";
import { Button, IconButton } from "./button";
import { cx } from "./cx";
import { words } from "./words";

export interface ToastOptions {
  readonly tone?: "neutral" | "bad";
  readonly action?: { readonly label: string; readonly onPress: () => void };
  /** Stays until it is dismissed. */
  readonly stays?: boolean;
}

interface Shown extends ToastOptions {
  readonly id: number;
  readonly text: ReactNode;
}

const SHOWN_MS = 6_000;
const listeners = new Set<() => void>();
let shown: readonly Shown[] = [];
let last = 0;

function change(next: readonly Shown[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

/** Says something that has happened, at the edge of the screen; the same twice only once. Returns what takes it away. */
export function toast(text: ReactNode, options: ToastOptions = {}): () => void {
  last += 1;
  const id = last;
  const remove = () => change(shown.filter((one) => one.id !== id));
  const others = shown.filter((one) => one.text !== text);
  change([...others.slice(-2), { id, text, ...options }]);
  if (!options.stays) setTimeout(remove, SHOWN_MS);
  return remove;
}

/** Where toasts appear: once in the app. */
export function Toasts() {
  const t = useText(words);
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-3 bottom-20 z-50 flex flex-col items-center gap-2 sm:inset-x-auto sm:right-6 sm:bottom-6 sm:items-end"
    >
      {all.map((one) => (
        <div
          key={one.id}
          className={cx(
            "pointer-events-auto flex w-full max-w-sm items-center gap-3 rounded-md border border-line bg-surface py-2 pr-2 pl-4 text-ink shadow-float",
            one.tone === "bad" && "border-bad",
          )}
        >
          <p className="min-w-0 flex-1 py-1">{one.text}</p>
          {one.action && (
            <Button size="sm" variant="primary" onClick={one.action.onPress}>
              {one.action.label}
            </Button>
          )}
          <IconButton label={t("dismiss")} onClick={() => change(shown.filter((other) => other.id !== one.id))}>
            <X aria-hidden className="size-4" />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
