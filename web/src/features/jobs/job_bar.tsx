import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { endedTasks } from "./job";
import { words } from "./words";

interface Counted {
  readonly name: string;
  readonly total: number;
  readonly verified: number;
  readonly failed: number;
}

/** How far a job is: what was verified, and what failed behind it. */
export function JobBar({ job, thick = false }: { job: Counted; thick?: boolean }) {
  const t = useText(words);
  const format = useFormat();
  const share = (count: number) => (job.total > 0 ? count / job.total : 0);
  const width = (count: number) => ({ width: `${share(count) * 100}%` });
  return (
    <div
      role="progressbar"
      aria-label={t("progress", { name: job.name })}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(share(endedTasks(job)) * 100)}
      aria-valuetext={t("ended", { ended: format.number(endedTasks(job)), total: format.number(job.total) })}
      className={`flex w-full gap-px overflow-hidden rounded-full bg-sunken ${thick ? "h-3" : "h-1.5"}`}
    >
      <div className="h-full bg-accent transition-[width] duration-300" style={width(job.verified)} />
      <div className="h-full bg-bad transition-[width] duration-300" style={width(job.failed)} />
    </div>
  );
}

/** The bar with its numbers in words below, for rows of lists. */
export function JobProgress({ job }: { job: Counted }) {
  const t = useText(words);
  const format = useFormat();
  const ended = t("ended", { ended: format.number(endedTasks(job)), total: format.number(job.total) });
  return (
    <div className="flex min-w-32 flex-col gap-1.5">
      <JobBar job={job} />
      <div className="whitespace-normal text-ink-faint text-xs tabular-nums">
        {job.total > 0 ? ended : t("noTasks")}
        {job.failed > 0 && <span className="text-bad"> · {t("failed", { count: format.number(job.failed) })}</span>}
      </div>
    </div>
  );
}
