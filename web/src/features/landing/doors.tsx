import { Link } from "@tanstack/react-router";
import { ArrowRight, Braces, Cpu, Network } from "lucide-react";
import type { ReactNode } from "react";
import { useText } from "../../app/text";
import { text } from "./messages";

const DOOR =
  "group flex h-full flex-col rounded-lg border border-line bg-surface p-5 shadow-card transition-colors hover:border-accent sm:p-6";

/** One for each of the three who come here. */
export function Doors() {
  const t = useText(text);
  return (
    <section aria-labelledby="doors" className="pt-12">
      <h2 id="doors" className="mb-5 font-semibold text-xl tracking-tight">
        {t("doors")}
      </h2>
      <div className="grid grid-cols-1 gap-4 md:grid-cols-3">
        <Link to="/jobs/new" search={{}} className={DOOR}>
          <Inside sign={<Braces />} title={t("workTitle")} words={t("workText")} act={t("workDo")} />
        </Link>
        <Link to="/contribute" className={DOOR}>
          <Inside sign={<Cpu />} title={t("deviceTitle")} words={t("deviceText")} act={t("deviceDo")} />
        </Link>
        <a href="#run" className={DOOR}>
          <Inside sign={<Network />} title={t("runTitle")} words={t("runText")} act={t("runDo")} />
        </a>
      </div>
    </section>
  );
}

function Inside({ sign, title, words, act }: { sign: ReactNode; title: string; words: string; act: string }) {
  return (
    <>
      <span
        aria-hidden
        className="grid size-10 place-items-center rounded-md bg-accent-soft text-accent [&>svg]:size-5"
      >
        {sign}
      </span>
      <h3 className="mt-4 font-semibold text-lg">{title}</h3>
      <p className="mt-1.5 mb-5 text-ink-soft text-pretty">{words}</p>
      <span className="mt-auto inline-flex items-center gap-1.5 font-medium text-accent">
        {act}
        <ArrowRight aria-hidden className="size-4 transition-transform group-hover:translate-x-0.5" />
      </span>
    </>
  );
}
