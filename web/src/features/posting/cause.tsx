import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Trace } from "../../api";
import { useFormat } from "../../app/format";
import { useSession } from "../../app/session";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { InfoTip } from "../../components/info_tip";
import { text } from "./messages";

/** Who moved the money, why, when, and for which job. */
export function Cause({ trace }: { trace: Trace }) {
  const t = useText(text);
  const format = useFormat();
  const me = useSession()?.user.id;
  const actor = trace.actor.id !== null && trace.actor.id === me ? "you" : trace.actor.kind;
  return (
    <Card title={t("cause")}>
      <dl className="flex flex-col gap-3">
        <Row label={t("actor")}>{t(`actor_${actor}`)}</Row>
        {trace.actor.cause && <Row label={t("why")}>{trace.actor.cause}</Row>}
        <Row label={t("when")}>{format.dateTime(trace.at)}</Row>
        {trace.memo && <Row label={t("memo")}>{trace.memo}</Row>}
        {trace.job && (
          <Row label={t("job")}>
            <JobName trace={trace} job={trace.job} />
          </Row>
        )}
        <Row label={t("key")} tip={<InfoTip label={t("key")}>{t("keyTip")}</InfoTip>}>
          <code className="font-mono text-xs">{trace.key}</code>
        </Row>
      </dl>
    </Card>
  );
}

function Row({ label, tip, children }: { label: string; tip?: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="flex items-center gap-1 text-ink-faint text-sm">
        {label}
        {tip}
      </dt>
      <dd className="break-words">{children}</dd>
    </div>
  );
}

/** A contributor may not see the pages of others' jobs. */
function JobName({ trace, job }: { trace: Trace; job: string }) {
  const t = useText(text);
  const name = trace.job_name || t("job");
  const owns = trace.entries.some(({ account }) => account === "escrow" || account === "wallet");
  if (!owns) return <>{name}</>;
  return (
    <Link
      to="/jobs/$jobId"
      params={{ jobId: job }}
      search={{}}
      className="rounded-sm underline underline-offset-2 hover:text-accent"
    >
      {name}
    </Link>
  );
}
