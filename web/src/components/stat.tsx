import type { ReactNode } from "react";
import { cx } from "./cx";
import { Skeleton } from "./skeleton";

/** One number that matters. `value` undefined: it is on its way. */
export function Stat(props: {
  label: ReactNode;
  value: ReactNode | undefined;
  hint?: ReactNode;
  tip?: ReactNode;
  large?: boolean;
}) {
  const { label, value, hint, tip, large = false } = props;
  return (
    <div className="min-w-0">
      <dt className="flex items-center gap-1 text-ink-soft text-sm">
        {label}
        {tip}
      </dt>
      <dd className={cx("mt-1 font-semibold tabular-nums tracking-tight", large ? "text-3xl" : "text-xl")}>
        {value === undefined ? <Skeleton className={cx("w-24", large ? "h-11" : "h-7")} /> : value}
      </dd>
      {hint && <dd className="mt-0.5 text-ink-faint text-xs">{hint}</dd>}
    </div>
  );
}

/** Stats side by side. */
export function Stats({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-[repeat(auto-fit,minmax(9rem,1fr))]">{children}</dl>
  );
}
