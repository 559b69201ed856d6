import { useMemo, useState } from "react";
import { type Job, jobsListTasks, type TaskRow } from "../../api";
import { type Format, useFormat } from "../../app/format";
import { type Text, useText } from "../../app/text";
import { isLive } from "../jobs/job";
import { chance } from "./figures";
import { type LongColumn, LongTable } from "./long_table";
import { text } from "./messages";
import { tasksKey } from "./queries";
import { errorLine } from "./remark";
import type { TaskFilter } from "./search";
import { TaskState } from "./task_state";
import { TaskWindows } from "./task_windows";
import { type Rows, WINDOW } from "./use_windows";
import { useWide } from "./wide";

const LIVE_MS = 3_000;

/** The tasks of one state, or all; a row opens its task. */
export function TaskTable(props: { job: Job; state: TaskFilter; count: number; onOpen: (index: number) => void }) {
  const { job, state, count, onOpen } = props;
  const t = useText(text);
  const format = useFormat();
  const wide = useWide();
  const [end, setEnd] = useState<number>();
  const rows = useMemo(() => rowsOf(job.id, state, setEnd), [job.id, state]);
  const columns = useMemo(
    () => columnsIn({ t, format, currency: job.currency, onOpen }).filter((one) => wide || !one.desktop),
    [t, format, wide, job.currency, onOpen],
  );
  return (
    <LongTable
      label={t("tasks")}
      columns={columns}
      total={Math.min(count, end ?? count)}
      rows={rows}
      queryKey={[...tasksKey(job.id), "rows", state ?? "all"]}
      refetchMs={isLive(job) && LIVE_MS}
      placeholder={(index) => (state === undefined ? format.number(index) : "")}
    />
  );
}

/** All tasks are found by their place at once, those of one state by walking there. */
function rowsOf(jobId: string, state: TaskFilter, onEnd: (rows: number) => void): Rows<TaskRow> {
  const fetch = (from: number, limit: number, signal: AbortSignal) =>
    jobsListTasks({ path: { job_id: jobId }, query: { from, limit, ...(state && { state }) }, signal });
  if (state === undefined) return async (from, limit, signal) => (await fetch(from, limit, signal)).items;
  const windows = new TaskWindows<TaskRow>(fetch, WINDOW, onEnd);
  return (from, _limit, signal) => windows.rows(from, signal);
}

interface Look {
  readonly t: Text<keyof (typeof text)["en"]>;
  readonly format: Format;
  readonly currency: string;
  readonly onOpen: (index: number) => void;
}

type Column = LongColumn<TaskRow> & { readonly desktop?: boolean };

function columnsIn({ t, format, currency, onOpen }: Look): readonly Column[] {
  return [
    {
      id: "index",
      header: t("index"),
      width: "6.5rem",
      cell: (row) => (
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={() => onOpen(row.index)}
          className="rounded-sm font-medium tabular-nums after:absolute after:inset-0 hover:text-accent"
        >
          {format.number(row.index)}
        </button>
      ),
    },
    { id: "state", header: t("state"), width: "9rem", cell: (row) => <TaskState state={row.state} /> },
    {
      id: "votes",
      header: t("votes"),
      width: "5.5rem",
      desktop: true,
      cell: (row) => (row.votes > 0 ? t("votesOf", { agreed: row.agreed, votes: row.votes }) : "–"),
    },
    {
      id: "cost",
      header: t("cost_"),
      width: "6rem",
      align: "end",
      desktop: true,
      cell: (row) => (row.cost_micros > 0 ? format.money(row.cost_micros, currency) : "–"),
    },
    {
      id: "risk",
      header: t("risk"),
      width: "7.5rem",
      align: "end",
      desktop: true,
      cell: (row) => (row.error_bound === null ? "–" : chance(format, row.error_bound)),
    },
    {
      id: "remark",
      header: t("remark"),
      width: "minmax(4rem, 1fr)",
      cell: (row) => <Remark row={row} t={t} />,
    },
  ];
}

function Remark({ row, t }: { row: TaskRow; t: Look["t"] }) {
  if (row.error) return <span className="text-bad">{errorLine(t, row.error)}</span>;
  return row.disputed && row.state !== "disputed" ? <span className="text-warn">{t("disputed")}</span> : null;
}
