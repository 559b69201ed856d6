import { useEffect, useState } from "react";
import type { Job } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { InfoTip } from "../../components/info_tip";
import { Stat, Stats } from "../../components/stat";
import { endedTasks, isLive, openTasks } from "../jobs/job";
import { JobBar } from "../jobs/job_bar";
import { text } from "./messages";
import { isResting, leftSeconds, paceOf, type Sample, withSample } from "./pace";

/** How far the job is. `at`: when these numbers came. */
export function ProgressCard({ job, at }: { job: Job; at: number }) {
  const t = useText(text);
  const format = useFormat();
  const ended = endedTasks(job);
  const share = job.total > 0 ? Math.floor((ended / job.total) * 1000) / 1000 : 0;
  const withdrawn = job.state === "cancelled" ? job.total - ended : 0;
  const counts = { ended: format.number(ended), total: format.number(job.total) };
  return (
    <Card>
      <h2 className="sr-only">{t("progress")}</h2>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <div className="flex flex-wrap items-baseline gap-x-3">
          <span className="font-semibold text-3xl tabular-nums tracking-tight">{format.percent(share, 1)}</span>
          <span className="text-ink-soft">{job.total > 0 ? t("tasksEnded", counts) : t("noTasks")}</span>
        </div>
        <Pace job={job} at={at} />
      </div>
      <div className="mt-3 mb-5">
        <JobBar job={job} thick />
      </div>
      <Stats>
        <Stat label={<Key tone="bg-accent">{t("verified")}</Key>} value={format.number(job.verified)} />
        <Stat label={<Key tone="bg-bad">{t("failed")}</Key>} value={format.number(job.failed)} />
        <Stat
          label={<Key tone="bg-line-strong">{t(withdrawn > 0 ? "withdrawn" : "open")}</Key>}
          value={format.number(withdrawn || openTasks(job))}
        />
        <Stat
          label={t("executions")}
          tip={<InfoTip>{t("executionsTip")}</InfoTip>}
          value={format.number(job.executions)}
        />
      </Stats>
    </Card>
  );
}

/** The meaning of a colour of the bar. */
function Key({ tone, children }: { tone: string; children: string }) {
  return (
    <>
      <span aria-hidden className={`mr-0.5 size-2 shrink-0 rounded-full ${tone}`} />
      {children}
    </>
  );
}

function Pace({ job, at }: { job: Job; at: number }) {
  const t = useText(text);
  const format = useFormat();
  const samples = useSamples(at, endedTasks(job));
  const pace = paceOf(samples);
  const left = leftSeconds(openTasks(job), pace);
  const classes = "text-ink-faint text-sm tabular-nums";
  if (!isLive(job)) {
    const seconds = job.ended_at ? (Date.parse(job.ended_at) - Date.parse(job.created_at)) / 1000 : undefined;
    return seconds === undefined ? null : (
      <span className={classes}>{t("tookTime", { time: format.duration(seconds) })}</span>
    );
  }
  if (job.total === 0 || job.waiting) return null;
  if (pace === undefined || left === undefined) {
    return <span className={classes}>{t(isResting(samples) ? "resting" : "measuring")}</span>;
  }
  return (
    <span className={classes}>
      {t("pace", { pace: format.number(pace, pace < 10 ? 1 : 0) })} ·{" "}
      {t("left", { time: format.duration(Math.ceil(left)) })}
    </span>
  );
}

function useSamples(at: number, ended: number): readonly Sample[] {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  useEffect(() => setSamples((old) => withSample(old, { at, ended })), [at, ended]);
  return samples;
}
