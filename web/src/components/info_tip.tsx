import { Popover } from "@base-ui/react/popover";
import { Info } from "lucide-react";
import type { ReactNode } from "react";
import { useText } from "../app/text";
import { words } from "./words";

/** A short explanation behind a small sign: by pointer, key or finger. */
export function InfoTip({ children, label }: { children: ReactNode; label?: string }) {
  const t = useText(words);
  return (
    <Popover.Root>
      <Popover.Trigger
        openOnHover
        delay={150}
        aria-label={label ?? t("more")}
        className="inline-grid size-5 place-items-center rounded-full text-ink-faint hover:text-ink"
      >
        <Info aria-hidden className="size-3.5" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} className="z-50">
          <Popover.Popup className="max-w-72 rounded-md border border-line bg-surface px-3 py-2 text-ink text-sm shadow-float transition-opacity duration-100 data-[starting-style]:opacity-0">
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
