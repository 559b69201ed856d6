import type { ReactNode } from "react";
import { cx } from "../../components/cx";

export interface Segment<V> {
  readonly value: V;
  readonly label: ReactNode;
  readonly count?: string;
}

/** One of a few, all in sight. */
export function Segments<V extends string | undefined>(props: {
  label: string;
  value: V;
  onChange: (value: V) => void;
  segments: readonly Segment<V>[];
}) {
  const { label, value, onChange, segments } = props;
  return (
    <fieldset aria-label={label} className="flex w-fit min-w-0 max-w-full overflow-x-auto rounded-md bg-sunken p-0.5">
      {segments.map((segment) => (
        <button
          key={segment.value ?? ""}
          type="button"
          aria-pressed={value === segment.value}
          onClick={() => onChange(segment.value)}
          className={cx(
            "h-8 shrink-0 rounded-sm px-3 font-medium text-sm focus-visible:-outline-offset-2",
            value === segment.value ? "bg-surface text-ink shadow-card" : "text-ink-soft hover:text-ink",
          )}
        >
          {segment.label}
          {segment.count !== undefined && " "}
          {segment.count !== undefined && (
            <span className="ml-1.5 text-ink-faint text-xs tabular-nums">{segment.count}</span>
          )}
        </button>
      ))}
    </fieldset>
  );
}
