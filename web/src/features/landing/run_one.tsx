import { useText } from "../../app/text";
import { CopyField } from "../../components/copy_field";
import { text } from "./messages";

/** For those who want a network of their own, and what it holds to. */
export function RunOne() {
  const t = useText(text);
  return (
    <section id="run" aria-labelledby="run-head" className="scroll-mt-20 pt-14">
      <div className="grid grid-cols-1 gap-x-12 gap-y-8 rounded-lg bg-sunken p-5 sm:p-8 lg:grid-cols-2">
        <div>
          <h2 id="run-head" className="font-semibold text-xl tracking-tight">
            {t("runHead")}
          </h2>
          <p className="mt-1.5 text-ink-soft">{t("runLead")}</p>
          <ul className="mt-6 flex flex-col gap-2.5">
            {(["noSandbox", "noBlind", "noLoss"] as const).map((key) => (
              <li key={key} className="flex gap-2.5">
                <span aria-hidden className="mt-2 size-1.5 shrink-0 rounded-full bg-accent" />
                {t(key)}
              </li>
            ))}
          </ul>
        </div>
        <div className="flex flex-col gap-5">
          <Step label={t("runUp")} command="we1web up" />
          <Step
            label={t("runJoin")}
            command={`we1web node --join ${location.origin} --token TOKEN`}
            hint={t("runJoinHint")}
          />
        </div>
      </div>
    </section>
  );
}

function Step({ label, command, hint }: { label: string; command: string; hint?: string }) {
  return (
    <div>
      <p className="mb-1.5 font-medium text-sm">{label}</p>
      <CopyField label={label} value={command} />
      {hint && <p className="mt-1.5 text-ink-faint text-sm">{hint}</p>}
    </div>
  );
}
