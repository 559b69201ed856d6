import type { ReactNode } from "react";

/** One subject of the account: what it is at the left, what can be done about it at the right. */
export function Section(props: { title: ReactNode; hint: ReactNode; id: string; children: ReactNode }) {
  return (
    <section
      aria-labelledby={props.id}
      className="grid gap-x-10 gap-y-4 border-line border-t py-7 first-of-type:border-t-0 first-of-type:pt-0 xl:grid-cols-[15rem_minmax(0,40rem)]"
    >
      <div>
        <h2 id={props.id} className="font-semibold text-base">
          {props.title}
        </h2>
        <p className="mt-1 max-w-prose text-ink-soft text-sm">{props.hint}</p>
      </div>
      <div className="min-w-0 max-w-2xl">{props.children}</div>
    </section>
  );
}

/** A list of things with what they are and one thing to do. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="divide-y divide-line">
      {children}
    </ul>
  );
}

export function Row(props: { name: ReactNode; marks?: ReactNode; about: ReactNode; action?: ReactNode }) {
  return (
    <li className="flex min-h-17 items-start justify-between sm:items-center gap-4 px-4 py-3 sm:px-5">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="min-w-0 font-medium break-words">{props.name}</span>
          {props.marks}
        </div>
        <p className="mt-0.5 text-ink-faint text-sm">{props.about}</p>
      </div>
      {props.action}
    </li>
  );
}
