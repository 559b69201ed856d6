import { createLink, type LinkComponent } from "@tanstack/react-router";
import { LoaderCircle } from "lucide-react";
import { type ComponentProps, forwardRef, type ReactNode } from "react";
import { cx } from "./cx";

export type Variant = "primary" | "secondary" | "quiet" | "danger";
export type ButtonSize = "sm" | "md" | "lg";

interface Look {
  variant?: Variant;
  size?: ButtonSize;
  /** Before the words. */
  icon?: ReactNode;
}

const VARIANTS: Record<Variant, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "bg-surface text-ink border border-line hover:border-line-strong hover:bg-sunken",
  quiet: "text-ink-soft hover:bg-sunken hover:text-ink",
  danger: "bg-bad-soft text-bad border border-transparent hover:border-bad",
};
const SIZES: Record<ButtonSize, string> = {
  sm: "h-8 px-3 text-sm gap-1.5 rounded-sm",
  md: "h-10 px-4 text-sm gap-2 rounded-md",
  lg: "h-12 px-6 text-base gap-2 rounded-md",
};

function look({ variant = "secondary", size = "md" }: Look): string {
  const base = "inline-flex shrink-0 items-center justify-center font-medium whitespace-nowrap transition-colors";
  const off = "disabled:opacity-55 disabled:pointer-events-none aria-disabled:opacity-55";
  return cx(base, off, VARIANTS[variant], SIZES[size]);
}

/** `busy` keeps the width, shows that it works and takes no second press. */
export function Button(props: ComponentProps<"button"> & Look & { busy?: boolean }) {
  const { variant, size, icon, busy = false, className, children, disabled, type = "button", ...rest } = props;
  const classes = cx(look({ ...(variant && { variant }), ...(size && { size }) }), "relative", className);
  return (
    <button {...rest} type={type} disabled={disabled || busy} aria-busy={busy || undefined} className={classes}>
      {busy && <LoaderCircle aria-hidden className="absolute size-4 animate-spin" />}
      <span className={cx("inline-flex items-center gap-[inherit]", busy && "opacity-0")}>
        {icon}
        {children}
      </span>
    </button>
  );
}

/** A button with nothing but an icon; `label` is its name. */
export function IconButton(props: ComponentProps<"button"> & { label: string }) {
  const { label, className, children, type = "button", ...rest } = props;
  const classes = "grid size-9 shrink-0 place-items-center rounded-md text-ink-soft hover:bg-sunken hover:text-ink";
  return (
    <button {...rest} type={type} aria-label={label} title={label} className={cx(classes, className)}>
      {children}
    </button>
  );
}

const Anchor = forwardRef<HTMLAnchorElement, ComponentProps<"a"> & Look>((props, ref) => {
  const { variant, size, icon, className, children, ...rest } = props;
  return (
    <a {...rest} ref={ref} className={cx(look({ ...(variant && { variant }), ...(size && { size }) }), className)}>
      {icon}
      {children}
    </a>
  );
});

const RoutedAnchor = createLink(Anchor);

/** A link of the app that looks like a button: `to`, `params` and `search` as the router's Link takes them. */
export const LinkButton: LinkComponent<typeof Anchor> = (props) => <RoutedAnchor preload="intent" {...props} />;
