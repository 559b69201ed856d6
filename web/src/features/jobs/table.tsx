import { Link, useNavigate } from "@tanstack/react-router";
import { CircleStop, Ellipsis, ExternalLink } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import type { Job } from "../../api";
import { type Format, useFormat } from "../../app/format";
import { type Text, useText } from "../../app/text";
import { IconButton } from "../../components/button";
import { columnsOf, DataTable } from "../../components/data_table";
import { Menu } from "../../components/menu";
import { Ago, Money } from "../../components/values";
import { isLive, redundancyOf } from "./job";
import { JobProgress } from "./job_bar";
import { JobState } from "./job_state";
import { text } from "./messages";

const column = columnsOf<Job>();

/** Jobs as rows; on phones the progress stands below the name. */
export function JobTable(props: { jobs: readonly Job[] | undefined; empty: ReactNode; onCancel: (job: Job) => void }) {
  const { jobs, empty, onCancel } = props;
  const t = useText(text);
  const format = useFormat();
  const columns = useMemo(() => columnsIn(t, format, onCancel), [t, format, onCancel]);
  return <DataTable label={t("title")} columns={columns} rows={jobs} rowId={(job) => job.id} empty={empty} />;
}

function columnsIn(t: Text<keyof typeof text.en>, format: Format, onCancel: (job: Job) => void) {
  return column.columns([
    column.accessor("name", { header: t("job"), meta: { wide: true }, cell: (c) => <Name job={c.row.original} /> }),
    column.accessor("state", { header: t("state"), cell: (c) => <JobState job={c.row.original} /> }),
    column.display({
      id: "progress",
      header: t("progress"),
      meta: { desktop: true },
      cell: (c) => <JobProgress job={c.row.original} />,
    }),
    column.accessor("spent_micros", {
      header: t("cost"),
      meta: { align: "end", desktop: true },
      cell: (c) => <Cost job={c.row.original} />,
    }),
    column.accessor("redundancy", {
      header: t("redundancy"),
      meta: { align: "end", desktop: true },
      cell: (c) => runs(format, redundancyOf(c.row.original)),
    }),
    column.display({
      id: "menu",
      header: () => <span className="sr-only">{t("actions")}</span>,
      cell: (c) => <RowMenu job={c.row.original} onCancel={onCancel} />,
    }),
  ]);
}

function runs(format: Format, redundancy: number | undefined): string {
  return redundancy === undefined ? "–" : format.number(redundancy, 2);
}

function Name({ job }: { job: Job }) {
  const t = useText(text);
  const runtime = t.has(job.runtime) ? t(job.runtime) : job.runtime;
  return (
    <div className="flex min-w-0 flex-col gap-0.5 py-1">
      <Link
        to="/jobs/$jobId"
        params={{ jobId: job.id }}
        search={{}}
        className="line-clamp-2 break-words whitespace-normal font-medium hover:text-accent hover:underline"
      >
        {job.name}
      </Link>
      <span className="whitespace-normal text-ink-faint text-xs">
        {runtime} · {job.policy} · <Ago at={job.created_at} />
      </span>
      <div className="mt-1 md:hidden">
        <JobProgress job={job} />
      </div>
    </div>
  );
}

function Cost({ job }: { job: Job }) {
  const t = useText(text);
  const budget = useFormat().money(job.budget_micros, job.currency);
  return (
    <div className="flex flex-col">
      <Money micros={job.spent_micros} currency={job.currency} />
      <span className="text-ink-faint text-xs">{t("ofBudget", { budget })}</span>
    </div>
  );
}

function RowMenu({ job, onCancel }: { job: Job; onCancel: (job: Job) => void }) {
  const t = useText(text);
  const navigate = useNavigate();
  const open = {
    label: t("open"),
    icon: <ExternalLink aria-hidden className="size-4" />,
    onSelect: () => void navigate({ to: "/jobs/$jobId", params: { jobId: job.id }, search: {} }),
  };
  const cancel = {
    label: t("cancel"),
    icon: <CircleStop aria-hidden className="size-4" />,
    onSelect: () => onCancel(job),
    danger: true,
    disabled: !isLive(job),
  };
  const trigger = (
    <IconButton label={t("menu", { name: job.name })} className="-mr-2">
      <Ellipsis aria-hidden className="size-4" />
    </IconButton>
  );
  return <Menu trigger={trigger} items={[open, cancel]} />;
}
