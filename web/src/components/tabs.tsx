import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

export interface Tab<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly content: ReactNode;
}

/** Views of one thing, one at a time. Keep `value` in the URL where a link to it would be useful. */
export function Tabs<V extends string>(props: { value: V; onChange: (value: V) => void; tabs: readonly Tab<V>[] }) {
  return (
    <Base.Root value={props.value} onValueChange={(value) => props.onChange(value as V)}>
      <Base.List className="mb-4 flex gap-1 overflow-x-auto border-line border-b">
        {props.tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="-mb-px h-10 shrink-0 border-transparent border-b-2 px-3 font-medium text-ink-soft text-sm hover:text-ink focus-visible:-outline-offset-2 data-[active]:border-accent data-[active]:text-ink"
          >
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {props.tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value}>
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
