import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { type SyntheticEvent, useState } from "react";
import type { Job } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { IconButton } from "../../components/button";
import { Card } from "../../components/card";
import { endedTasks, openTasks } from "../jobs/job";
import { Segments } from "../jobs/segments";
import { text } from "./messages";
import type { TaskFilter } from "./search";
import { TaskTable } from "./task_table";

const FILTERS = [
  [undefined, "all"],
  ["open", "stateOpen"],
  ["verified", "stateVerified"],
  ["failed", "stateFailed"],
  ["cancelled", "stateCancelled"],
] as const;

/** Every task of the job. */
export function TasksCard({ job }: { job: Job }) {
  const t = useText(text);
  const format = useFormat();
  const { state } = useSearch({ from: "/shell/jobs/$jobId" });
  const navigate = useNavigate({ from: "/jobs/$jobId" });
  const show = (next: TaskFilter) =>
    void navigate({ search: (old) => ({ ...old, state: next }), replace: true, resetScroll: false });
  const open = (task: number) => void navigate({ search: (old) => ({ ...old, task }), resetScroll: false });
  const segments = FILTERS.map(([value, key]) => ({
    value,
    label: t(key),
    count: format.compact(tasksIn(job, value)),
  })).filter(({ value }) => value === undefined || value === state || tasksIn(job, value) > 0);
  return (
    <Card flush title={t("tasks")} actions={job.total > 0 && <GoTo total={job.total} onGo={open} />}>
      <div className="px-4 pb-3 sm:px-5">
        <Segments label={t("filter")} value={state} onChange={show} segments={segments} />
      </div>
      {tasksIn(job, state) > 0 ? (
        <TaskTable key={state ?? "all"} job={job} state={state} count={tasksIn(job, state)} onOpen={open} />
      ) : (
        <p className="px-5 py-12 text-center text-ink-faint">{job.total > 0 ? t("noneOfState") : t("noTasks")}</p>
      )}
    </Card>
  );
}

/** How many tasks are in a state, as far as the job's own numbers tell. */
export function tasksIn(job: Job, state: TaskFilter): number {
  if (state === undefined) return job.total;
  if (state === "open") return openTasks(job);
  if (state === "cancelled") return job.state === "cancelled" ? job.total - endedTasks(job) : 0;
  return job[state];
}

function GoTo({ total, onGo }: { total: number; onGo: (index: number) => void }) {
  const t = useText(text);
  const [typed, setTyped] = useState("");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const index = Number.parseInt(typed, 10);
    if (index >= 0 && index < total) onGo(index);
  };
  return (
    <form onSubmit={submit} className="flex items-center gap-1">
      <input
        type="number"
        min={0}
        max={total - 1}
        inputMode="numeric"
        aria-label={t("goTo")}
        placeholder={t("goToShort")}
        value={typed}
        required
        onChange={(event) => setTyped(event.currentTarget.value)}
        className="h-9 w-28 rounded-md border border-line bg-surface px-3 text-base tabular-nums placeholder:text-ink-faint hover:border-line-strong sm:text-sm"
      />
      <IconButton type="submit" label={t("go")}>
        <ArrowRight aria-hidden className="size-4" />
      </IconButton>
    </form>
  );
}
