import { Link } from "@tanstack/react-router";
import { AppWindow, Server } from "lucide-react";
import type { ReactNode } from "react";
import { useText } from "../../app/text";
import { LinkButton } from "../../components/button";
import { CopyField } from "../../components/copy_field";
import { text } from "./messages";

/** The two ways to a node: a tab of this browser, or a program on a machine. */
export function Ways() {
  const t = useText(text);
  const account = (parts: ReactNode) => (
    <Link to="/account" className="font-medium text-accent underline underline-offset-2">
      {parts}
    </Link>
  );
  return (
    <div className="flex flex-col gap-4 text-left">
      <Way
        icon={<AppWindow className="size-4.5" />}
        title={t("waysBrowser")}
        text={t("waysBrowserText")}
        action={
          <LinkButton to="/contribute" variant="primary">
            {t("waysBrowserGo")}
          </LinkButton>
        }
      />
      <Way icon={<Server className="size-4.5" />} title={t("waysMachine")} text={t("waysMachineText")}>
        <ol className="flex list-decimal flex-col gap-2 pl-5 marker:text-ink-faint">
          <li>{t.rich("waysToken", { link: account })}</li>
          <li>{t("waysRun")}</li>
        </ol>
        <CopyField
          label={t("waysCommand")}
          value={`WE1WEB_TOKEN=TOKEN we1web node --join ${globalThis.location.origin}`}
        />
        <p className="text-ink-faint text-xs">{t("waysShows")}</p>
      </Way>
    </div>
  );
}

function Way(props: { icon: ReactNode; title: string; text: string; action?: ReactNode; children?: ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col gap-3 rounded-md border border-line p-4">
      <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="flex items-center gap-2 font-semibold">
            <span aria-hidden className="text-accent">
              {props.icon}
            </span>
            {props.title}
          </h2>
          <p className="mt-1 text-ink-soft">{props.text}</p>
        </div>
        {props.action}
      </header>
      {props.children}
    </section>
  );
}
