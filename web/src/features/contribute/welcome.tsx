import { Eye, Play, ShieldCheck, SlidersHorizontal } from "lucide-react";
import { useText } from "../../app/text";
import { LinkButton } from "../../components/button";
import { Card } from "../../components/card";
import { text } from "./messages";

const STEPS = [
  { name: "step1", Icon: ShieldCheck },
  { name: "step2", Icon: SlidersHorizontal },
  { name: "step3", Icon: Eye },
] as const;
const BACK = { next: "/contribute" };

/** For who is not logged in: what this is, in three lines, and the way in. */
export function Welcome() {
  const t = useText(text);
  const cores = navigator.hardwareConcurrency;
  return (
    <Card className="max-w-3xl">
      <h2 className="text-balance font-semibold text-2xl tracking-tight">{t("welcome")}</h2>
      <p className="mt-2 max-w-prose text-base text-ink-soft">{t("welcomeSay")}</p>
      <ul className="mt-6 flex flex-col gap-5">
        {STEPS.map(({ name, Icon }) => (
          <li key={name} className="flex items-start gap-4">
            <span
              aria-hidden
              className="grid size-10 shrink-0 place-items-center rounded-full bg-accent-soft text-accent"
            >
              <Icon className="size-5" />
            </span>
            <div>
              <p className="font-semibold">{t(name)}</p>
              <p className="text-ink-soft">{t(`${name}Say`, { cores })}</p>
            </div>
          </li>
        ))}
      </ul>
      <div className="mt-7 flex flex-wrap items-center gap-2">
        <LinkButton
          to="/signup"
          search={BACK}
          variant="primary"
          size="lg"
          icon={<Play aria-hidden className="size-4" />}
        >
          {t("start")}
        </LinkButton>
        <LinkButton to="/login" search={BACK} variant="quiet" size="lg">
          {t("haveAccount")}
        </LinkButton>
      </div>
      <p className="mt-3 text-ink-faint">{t("welcomeNote")}</p>
    </Card>
  );
}
