import { Check, Laptop, MonitorSmartphone, Server, Smartphone, X } from "lucide-react";
import { useText } from "../../app/text";
import { cx } from "../../components/cx";
import { text } from "./messages";

const VOTES = [
  { Sign: Laptop, who: "laptop", digest: "9f3a 61c8 d207", right: true },
  { Sign: Smartphone, who: "phone", digest: "9f3a 61c8 d207", right: true },
  { Sign: Server, who: "server", digest: "41be 0d5f 93aa", right: false },
  { Sign: MonitorSmartphone, who: "desktop", digest: "9f3a 61c8 d207", right: true },
] as const;

/** The idea in a picture: an example of a vote, with made-up digests. */
export function Agreement() {
  const t = useText(text);
  return (
    <figure className="rounded-lg border border-line bg-surface p-5 shadow-card sm:p-6">
      <figcaption className="text-ink-soft text-sm">{t("example")}</figcaption>
      <div className="mt-1 flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="font-semibold text-lg">{t("exampleTask")}</p>
        <code className="rounded-sm bg-sunken px-2 py-0.5 font-mono text-sm">{t("exampleQuestion")}</code>
      </div>
      <ul className="mt-5 flex flex-col">
        {VOTES.map((vote) => (
          <Vote key={vote.who} {...vote} />
        ))}
      </ul>
      <div className="mt-5 flex flex-col gap-1.5 border-line border-t pt-4">
        <Verdict right>{t("accepted")}</Verdict>
        <Verdict right={false}>{t("refused")}</Verdict>
      </div>
    </figure>
  );
}

function Vote({ Sign, who, digest, right }: (typeof VOTES)[number]) {
  const t = useText(text);
  return (
    <li className="flex h-12 items-center gap-3">
      <span className="grid size-8 shrink-0 place-items-center rounded-md bg-sunken text-ink-soft">
        <Sign aria-hidden className="size-4" />
      </span>
      <span className="min-w-0 flex-1 truncate text-ink-soft">{t(who)}</span>
      <code className={cx("font-mono text-xs sm:text-sm", right ? "text-ink" : "text-ink-faint line-through")}>
        {digest}
      </code>
      <span
        role="img"
        aria-label={t(right ? "agrees" : "differs")}
        className={cx(
          "grid size-6 shrink-0 place-items-center rounded-full",
          right ? "bg-accent-soft text-accent" : "bg-bad-soft text-bad",
        )}
      >
        {right ? <Check aria-hidden className="size-3.5" /> : <X aria-hidden className="size-3.5" />}
      </span>
    </li>
  );
}

function Verdict({ right, children }: { right: boolean; children: string }) {
  return (
    <p className="flex items-center gap-2.5 text-sm">
      <span aria-hidden className={cx("size-2 rounded-full", right ? "bg-accent" : "bg-bad")} />
      {children}
    </p>
  );
}
