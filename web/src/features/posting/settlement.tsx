import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Vote as VoteIcon } from "lucide-react";
import { useMemo } from "react";
import type { Trace, TraceSettlement, TraceShare, TraceTask } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { columnsOf, DataTable } from "../../components/data_table";
import { EmptyState } from "../../components/empty_state";
import { Pager } from "../../components/pager";
import { Money } from "../../components/values";
import { currencyOf } from "./currency";
import { text } from "./messages";
import { TaskDialog } from "./task_dialog";

const column = columnsOf<TraceTask>();
const END = { align: "end" } as const;

/** The right answers that a settlement paid: their sum, and task by task. */
export function Settlement({ trace, settlement }: { trace: Trace; settlement: TraceSettlement }) {
  const t = useText(text);
  const format = useFormat();
  const { cursor, task: looked } = useSearch({ from: "/shell/wallet/postings/$id" });
  const navigate = useNavigate({ from: "/wallet/postings/$id" });
  const currency = currencyOf(trace);
  const go = (next: string | undefined) => void navigate({ search: next ? { cursor: next } : {}, resetScroll: false });
  const { fast, per_bonus_micros: more } = settlement;
  const bonus = fast ? t("plusBonus", { fast, each: format.exactly(more, currency) }) : "";
  const sum = t(settlement.role === "requester" ? "sumRequester" : "sumContributor", {
    votes: settlement.votes,
    each: format.exactly(settlement.per_vote_micros, currency),
    bonus,
    amount: format.exactly(Math.abs(settlement.amount_micros), currency),
  });
  const shown = settlement.tasks.find((task) => rowId(task) === looked);
  return (
    <Card title={t("settlement")} hint={<span className="tabular-nums">{sum}</span>} flush>
      {settlement.share && <Share share={settlement.share} currency={currency} />}
      <DataTable
        label={t("settlement")}
        columns={useColumns(currency)}
        rows={settlement.tasks}
        rowId={rowId}
        empty={
          <EmptyState icon={<VoteIcon className="size-6" />} title={t("noTasks")}>
            {t("noTasksText")}
          </EmptyState>
        }
      />
      <Pager moved={cursor !== undefined} next={trace.next_cursor} onFirst={() => go(undefined)} onNext={go} />
      {shown && <TaskDialog task={shown} role={settlement.role} />}
    </Card>
  );
}

/** What of it is not one's own, because one is in a pool. */
function Share({ share, currency }: { share: TraceShare; currency: string }) {
  const t = useText(text);
  const format = useFormat();
  const values = {
    name: share.name,
    percent: format.percent(share.commission_bps / 10_000, 2),
    commission: format.exactly(share.commission_micros, currency),
    pooled: format.exactly(share.pooled_micros, currency),
  };
  return (
    <p className="px-4 pb-3 text-ink-soft text-sm tabular-nums sm:px-5">
      {t(share.split === "equal" ? "shareEqual" : "shareOwn", values)}
    </p>
  );
}

/** A task may be here twice: once as it ended, once for the votes that came after. */
function rowId(task: TraceTask): string {
  return `${task.surplus ? "late" : "task"}-${task.flush}-${task.id}`;
}

function useColumns(currency: string) {
  const t = useText(text);
  return useMemo(
    () =>
      column.columns([
        column.display({
          id: "task",
          header: t("task"),
          cell: ({ row }) => <TaskName task={row.original} />,
          meta: { wide: true },
        }),
        column.display({
          id: "agreed",
          header: t("agreed"),
          cell: ({ row }) => t("agreedOf", { count: row.original.agreed }),
          meta: { ...END, desktop: true },
        }),
        column.display({ id: "paid", header: t("paid"), cell: ({ row }) => row.original.paid, meta: END }),
        column.display({
          id: "amount",
          header: t("amount"),
          cell: ({ row }) => <Money exact signed micros={row.original.amount_micros} currency={currency} />,
          meta: END,
        }),
      ]),
    [t, currency],
  );
}

function TaskName({ task }: { task: TraceTask }) {
  const t = useText(text);
  const index = task.index + 1;
  return (
    <>
      <Link
        to="/wallet/postings/$id"
        from="/wallet/postings/$id"
        search={(old) => ({ ...old, task: rowId(task) })}
        resetScroll={false}
        aria-label={t("openTask", { index })}
        className="rounded-sm font-medium underline underline-offset-2 hover:text-accent"
      >
        {t("taskOf", { index })}
      </Link>
      {task.surplus && <span className="text-ink-faint text-xs"> · {t("surplus")}</span>}
    </>
  );
}
