import { Menu as Base } from "@base-ui/react/menu";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx";

export interface MenuItem {
  readonly label: ReactNode;
  readonly icon?: ReactNode;
  readonly onSelect: () => void;
  readonly danger?: boolean;
  readonly disabled?: boolean;
}

/** What else can be done: a list behind one button (`trigger`, such as an IconButton). */
export function Menu({ trigger, items }: { trigger: ReactElement; items: readonly MenuItem[] }) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="end" className="z-50">
          <Base.Popup className="min-w-44 rounded-md border border-line bg-surface p-1 text-ink shadow-float transition-opacity duration-100 data-[starting-style]:opacity-0">
            {items.map((item, place) => (
              <Base.Item
                key={place}
                disabled={item.disabled ?? false}
                onClick={item.onSelect}
                className={cx(
                  "flex h-9 cursor-pointer items-center gap-2 rounded-sm px-2.5 text-sm outline-none data-[disabled]:opacity-55",
                  item.danger ? "text-bad data-[highlighted]:bg-bad-soft" : "data-[highlighted]:bg-sunken",
                )}
              >
                {item.icon}
                {item.label}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
