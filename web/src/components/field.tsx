import { Field as BaseField } from "@base-ui/react/field";
import { ChevronDown } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";

const BOX =
  "w-full rounded-md border border-line-strong/60 bg-surface px-3 text-base text-ink sm:text-sm " +
  "placeholder:text-ink-faint hover:border-line-strong disabled:opacity-55 data-[invalid]:border-bad";

/** A label, one control (Input, Select, Textarea) and what there is to say about it; tied together for readers. */
export function Field(props: {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  children: ReactNode;
  className?: string;
  /** Beside the label, such as an InfoTip. */
  aside?: ReactNode;
}) {
  const { label, hint, error, children, className, aside } = props;
  return (
    <BaseField.Root invalid={Boolean(error)} className={cx("flex min-w-0 flex-col gap-1.5", className)}>
      <div className="flex min-h-5 items-center justify-between gap-2">
        <BaseField.Label className="font-medium text-sm">{label}</BaseField.Label>
        {aside}
      </div>
      {children}
      {error ? (
        <BaseField.Error match className="text-bad text-sm" role="alert">
          {error}
        </BaseField.Error>
      ) : (
        hint && <BaseField.Description className="text-ink-faint text-sm">{hint}</BaseField.Description>
      )}
    </BaseField.Root>
  );
}

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <BaseField.Control {...props} className={cx(BOX, "h-10", className)} />;
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <BaseField.Control render={<textarea {...props} />} className={cx(BOX, "min-h-24 py-2", className)} />;
}

/** The browser's own list: what phones and screen readers know best. `children`: option elements. */
export function Select({ className, ...props }: ComponentProps<"select">) {
  return (
    <div className={cx("relative", className)}>
      <BaseField.Control render={<select {...props} />} className={cx(BOX, "h-10 appearance-none pr-9")} />
      <ChevronDown aria-hidden className="pointer-events-none absolute top-3 right-3 size-4 text-ink-faint" />
    </div>
  );
}
