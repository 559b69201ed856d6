import type { ReactNode } from "react";
import type { Job } from "../../api";
import { useFormat } from "../../app/format";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { CopyField } from "../../components/copy_field";
import { text } from "./messages";
import { type Conditions, conditionWords } from "./requirements";

/** What the job was ordered with. */
export function DetailsCard({ job }: { job: Job }) {
  const t = useText(text);
  const format = useFormat();
  const locale = useLocale();
  const conditions = conditionWords(job.requirements as Conditions, { t, format, locale });
  const runtime = t.has(job.runtime) ? t(job.runtime) : job.runtime;
  const error = job.epsilon === null ? [] : [t("statedError", { epsilon: format.percent(job.epsilon, 3) })];
  const parameters = Object.keys(job.validator_parameters).length > 0 ? [JSON.stringify(job.validator_parameters)] : [];
  return (
    <Card title={t("details")}>
      <dl className="grid gap-x-8 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">
        <Row name={t("runtime")}>{runtime}</Row>
        <Row name={t("policy")}>{[job.policy, ...error].join(" · ")}</Row>
        <Row name={t("strategy")}>{job.strategy}</Row>
        <Row name={t("validator")}>{[job.validator, ...parameters].join(" ")}</Row>
        <Row name={t("priority")}>
          {format.number(job.priority)} · {t("weight", { weight: format.number(job.weight, 1) })}
        </Row>
        <Row name={t("requirements")}>
          {conditions.length === 0 ? t("noRequirements") : conditions.map((line) => <div key={line}>{line}</div>)}
        </Row>
        <Row name={t("times")}>
          <Times job={job} />
        </Row>
        <div className="min-w-0 sm:col-span-2">
          <dt className="mb-1 text-ink-faint text-sm">{t("id")}</dt>
          <dd className="max-w-sm">
            <CopyField value={job.id} label={t("id")} />
          </dd>
        </div>
      </dl>
    </Card>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="mb-1 text-ink-faint text-sm">{name}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  );
}

function Times({ job }: { job: Job }) {
  const t = useText(text);
  const format = useFormat();
  const times = [
    ["timeCreated", job.created_at],
    ["timeClosed", job.closed_at],
    ["timeEnded", job.ended_at],
    ["timeDeadline", job.deadline_at],
  ] as const;
  return times.map(([key, at]) => at && <div key={key}>{t(key, { time: format.dateTime(at) })}</div>);
}
