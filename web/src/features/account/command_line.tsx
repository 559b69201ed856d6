import type { ReactNode } from "react";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { CopyField } from "../../components/copy_field";
import { text } from "./messages";
import { Section } from "./section";
import { askForToken, loginCommand } from "./shell";

/** The way from here to `we1web` on a terminal. */
export function CommandLine({ email }: { email: string }) {
  const t = useText(text);
  const origin = globalThis.location.origin;
  return (
    <Section id="shell" title={t("shell")} hint={t("shellHint")}>
      <Card>
        <div className="flex flex-col gap-5">
          <Command label={t("shellLogin")} value={loginCommand(origin, email)}>
            {t("shellLoginHint")}
          </Command>
          <Command label={t("shellToken")} value={askForToken(origin)}>
            {t("shellTokenHint")}
          </Command>
          <Command label={t("shellForget")} value="we1web login --forget" />
        </div>
      </Card>
    </Section>
  );
}

function Command({ label, value, children }: { label: string; value: string; children?: ReactNode }) {
  return (
    <div>
      <p className="mb-1.5 font-medium">{label}</p>
      <CopyField label={label} value={value} />
      {children && <p className="mt-1.5 text-ink-faint">{children}</p>}
    </div>
  );
}
