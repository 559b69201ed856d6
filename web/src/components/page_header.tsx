import type { ReactNode } from "react";
import { usePageTitle } from "../app/title";

/** The first thing of a page: its name (also the window's title), what it is for, and what can be done here. */
export function PageHeader(props: {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Above the title, such as the way back to a list. */
  above?: ReactNode;
}) {
  const { title, children, actions, above } = props;
  usePageTitle(title);
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
      <div className="min-w-0 max-w-2xl">
        {above && <div className="mb-2 text-ink-faint text-sm">{above}</div>}
        <h1 className="font-semibold text-2xl tracking-tight break-words">{title}</h1>
        {children && <div className="mt-1.5 text-ink-soft">{children}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
