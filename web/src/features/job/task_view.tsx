import type { ReactNode } from "react";
import type { Job, Task } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Skeleton } from "../../components/skeleton";
import { ArgumentBox, ErrorBox, ResultBox } from "./boxes";
import { TaskDispute } from "./dispute";
import type { Exactly } from "./exactly";
import { chance } from "./figures";
import { text } from "./messages";
import { isOpen, useTaskWhy } from "./queries";
import { TaskState } from "./task_state";
import { Votes } from "./votes";
import { reason } from "./why";
import { useSoon } from "./why_card";

/** All there is to say about one task. */
export function TaskView({ job, found }: { job: Job; found: Exactly }) {
  const t = useText(text);
  const { task } = found;
  const open = isOpen(task.state);
  return (
    <div className="flex flex-col gap-6">
      <Facts job={job} task={task} />
      {open && <Waiting job={job} task={task} />}
      {task.error ? (
        <Part title={t("error")}>
          <ErrorBox error={task.error} />
        </Part>
      ) : (
        !open && (
          <Part title={t("result")}>
            <ResultBox job={job} task={task} />
          </Part>
        )
      )}
      {task.argument && (
        <Part title={t("given")}>
          <ArgumentBox job={job} preview={task.argument} exact={found.argument} />
        </Part>
      )}
      {task.votes && task.votes.length > 0 && (
        <Part title={t("whoVoted")}>
          <Votes votes={task.votes} />
        </Part>
      )}
      {task.disputes?.map((dispute) => (
        <Part key={dispute} title={t("dispute")}>
          <TaskDispute id={dispute} />
        </Part>
      ))}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h3 className="mb-2 font-semibold text-sm">{title}</h3>
      {children}
    </section>
  );
}

function Facts({ job, task }: { job: Job; task: Task }) {
  const t = useText(text);
  const format = useFormat();
  const bound = task.error_bound;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5 text-ink-soft text-sm">
      <TaskState state={task.state} />
      {task.cost_micros ? <span>{t("costs", { money: format.money(task.cost_micros, job.currency) })}</span> : null}
      {typeof bound === "number" && <span>{t("errorBound", { bound: chance(format, bound) })}</span>}
    </div>
  );
}

/** How far an open task is, and what it waits for. */
function Waiting({ job, task }: { job: Job; task: Task }) {
  const t = useText(text);
  const { data: why } = useTaskWhy(job.id, task.id, true);
  const soon = useSoon(why?.starts_in_s);
  if (!why) return <Skeleton className="h-16" />;
  const { votes = 0, needed = 0, running = 0, late = 0 } = why;
  const parts = [
    needed > 0 && t("votesIn", { votes, needed }),
    running > 0 && t("runsOn", { running }),
    late > 0 && t("runsLate", { late }),
  ].filter(Boolean);
  return (
    <div className="rounded-md bg-sunken px-4 py-3">
      <p className="font-medium">{reason(t, why)}</p>
      {parts.length > 0 && <p className="text-ink-soft">{parts.join("; ")}</p>}
      {soon && <p className="text-ink-soft">{soon}</p>}
      {why.job && why.code !== "running" && <p className="mt-1 text-ink-faint text-sm">{t("noVotes")}</p>}
    </div>
  );
}
