import type { ReactNode } from "react";
import { cx } from "./cx";

/** A raised surface. With a `title` it is a section of the page that can be found by its name. */
export function Card(props: {
  title?: ReactNode;
  hint?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
  /** Without padding: for tables and charts that reach the edges. */
  flush?: boolean;
  className?: string;
}) {
  const { title, hint, actions, children, flush = false, className } = props;
  return (
    <section className={cx("min-w-0 rounded-lg border border-line bg-surface shadow-card", className)}>
      {(title || actions) && (
        <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-4 sm:px-5">
          <div className="min-w-0">
            <h2 className="font-semibold text-base">{title}</h2>
            {hint && <p className="mt-0.5 text-ink-faint text-sm">{hint}</p>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={flush ? "pt-3" : "p-4 sm:p-5"}>{children}</div>
    </section>
  );
}
