import type { ReactNode } from "react";
import { usePageTitle } from "../../app/title";

/** The quiet page around a form. */
export function FormFrame(props: { title: string; lead: string; children: ReactNode; below: ReactNode }) {
  usePageTitle(props.title);
  return (
    <div className="mx-auto w-full max-w-sm py-10 sm:py-20">
      <h1 className="font-semibold text-2xl tracking-tight">{props.title}</h1>
      <p className="mt-1.5 mb-8 text-ink-soft">{props.lead}</p>
      {props.children}
      <p className="mt-8 border-line border-t pt-5 text-ink-soft">{props.below}</p>
    </div>
  );
}

/** A link within a sentence. */
export const INLINE_LINK =
  "font-medium text-accent underline decoration-accent/40 underline-offset-4 hover:decoration-accent";
