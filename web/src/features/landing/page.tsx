import { useText } from "../../app/text";
import { usePageTitle } from "../../app/title";
import { LinkButton } from "../../components/button";
import { Agreement } from "./agreement";
import { Doors } from "./doors";
import { LiveNumbers } from "./live_numbers";
import { text } from "./messages";
import { RunOne } from "./run_one";

/** What this is, on one screen; how it is doing; and the way in for each of the three who come. */
export function Page() {
  const t = useText(text);
  usePageTitle("");
  return (
    <div className="pb-16">
      <section className="grid grid-cols-1 items-center gap-x-12 gap-y-10 py-10 sm:py-14 lg:grid-cols-[minmax(0,1.15fr)_minmax(0,1fr)]">
        <div>
          <h1 className="text-balance font-semibold text-3xl tracking-tight sm:text-4xl">{t("title")}</h1>
          <p className="mt-5 max-w-xl text-ink-soft text-lg text-pretty">{t("lead")}</p>
          <div className="mt-8 flex flex-wrap gap-3">
            <LinkButton to="/contribute" variant="primary" size="lg">
              {t("start")}
            </LinkButton>
            <LinkButton to="/jobs/new" search={{}} size="lg">
              {t("work")}
            </LinkButton>
          </div>
        </div>
        <Agreement />
      </section>
      <LiveNumbers />
      <Doors />
      <RunOne />
    </div>
  );
}
