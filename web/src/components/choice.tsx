import { type ReactNode, useId } from "react";
import { cx } from "./cx";

export interface Option<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
}

/** One of a few, side by side; wraps on phones. */
export function Choice<V extends string>(props: {
  label: string;
  value: V;
  options: readonly Option<V>[];
  onChange: (value: V) => void;
}) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={props.label} className="inline-flex flex-wrap gap-1 rounded-md bg-sunken p-1">
      {props.options.map(({ value, label }) => (
        <label
          key={value}
          className={cx(
            "flex h-8 cursor-pointer items-center rounded-sm px-3 font-medium text-sm transition-colors",
            "has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent has-[:disabled]:cursor-default",
            value === props.value ? "bg-surface text-ink shadow-card" : "text-ink-soft hover:text-ink",
          )}
        >
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === props.value}
            onChange={() => props.onChange(value)}
            className="sr-only"
          />
          {label}
        </label>
      ))}
    </div>
  );
}
