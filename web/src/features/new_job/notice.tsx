import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../../components/cx";

const LOOKS = {
  info: { box: "bg-sunken", sign: <Info aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" /> },
  warn: { box: "bg-warn-soft", sign: <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" /> },
  bad: { box: "bg-bad-soft", sign: <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" /> },
};

/** Something to know about what is above it. */
export function Notice({ tone, children }: { tone: keyof typeof LOOKS; children: ReactNode }) {
  const { box, sign } = LOOKS[tone];
  return (
    <div role={tone === "bad" ? "alert" : undefined} className={cx("flex gap-2.5 rounded-md px-3 py-2.5 text-sm", box)}>
      {sign}
      <div className="min-w-0 flex-1 break-words">{children}</div>
    </div>
  );
}
