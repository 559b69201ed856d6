import { Hourglass } from "lucide-react";
import type { Job, JobWhy } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { ErrorNotice } from "../../components/error_notice";
import { SkeletonText } from "../../components/skeleton";
import { text } from "./messages";
import { useJobWhy } from "./queries";
import { advice, exclusions, reason } from "./why";

/** Why nothing of the job runs, from whoever would place it, and what can be done about it. */
export function WhyCard({ job }: { job: Job }) {
  const t = useText(text);
  const { data: why, error, refetch } = useJobWhy(job.id);
  return (
    <Card className="border-warn/40">
      <div className="flex items-start gap-4">
        <span aria-hidden className="grid size-9 shrink-0 place-items-center rounded-full bg-warn-soft text-warn">
          <Hourglass className="size-4" />
        </span>
        <div className="min-w-0 flex-1">
          <h2 className="text-ink-faint text-sm">{t("why")}</h2>
          {why && <WhyWords why={why} />}
          {!why && (error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : <SkeletonText lines={3} />)}
        </div>
      </div>
    </Card>
  );
}

/** The reason, the nodes that are left after every condition, and when it should go on. */
export function WhyWords({ why }: { why: JobWhy }) {
  const t = useText(text);
  const soon = useSoon(why.starts_in_s);
  const { online = 0, remain = 0, owners = 0, free = 0, quorum = 0 } = why;
  const out = exclusions(t, why);
  const hint = advice(t, why);
  return (
    <>
      <p className="font-semibold text-base">{reason(t, why)}</p>
      {hint && <p className="mt-1 max-w-prose text-ink-soft">{hint}</p>}
      {why.runtime_id && (
        <ul className="mt-3 flex list-disc flex-col gap-1 pl-4 text-ink-soft marker:text-ink-faint">
          {online > 0 && <li>{t("whoCould", { online })}</li>}
          {out.map((line) => (
            <li key={line}>{line}</li>
          ))}
          {online > 0 && <li>{t("whoMay", { remain, owners, free })}</li>}
          {quorum > 1 && <li>{t("whoMust", { quorum })}</li>}
        </ul>
      )}
      {soon && <p className="mt-2 text-ink-soft">{soon}</p>}
    </>
  );
}

export function useSoon(seconds: number | null | undefined): string {
  const t = useText(text);
  const format = useFormat();
  if (seconds === null || seconds === undefined) return "";
  return seconds < 1 ? t("startsSoon") : t("startsIn", { time: format.duration(Math.round(seconds)) });
}
