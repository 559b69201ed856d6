import type { ReactNode } from "react";

/** What stands where a list will be: why there is nothing yet, and the way to the first one. */
export function EmptyState(props: { icon?: ReactNode; title: ReactNode; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      {props.icon && (
        <div aria-hidden className="mb-4 grid size-12 place-items-center rounded-full bg-accent-soft text-accent">
          {props.icon}
        </div>
      )}
      <div className="font-semibold text-base">{props.title}</div>
      {props.children && <div className="mt-1 max-w-md text-balance text-ink-soft">{props.children}</div>}
      {props.action && <div className="mt-5">{props.action}</div>}
    </div>
  );
}
