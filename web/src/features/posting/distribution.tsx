import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Vote as VoteIcon } from "lucide-react";
import { useMemo } from "react";
import type { Trace, TraceDistribution, TracePooled } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { columnsOf, DataTable } from "../../components/data_table";
import { EmptyState } from "../../components/empty_state";
import { Pager } from "../../components/pager";
import { Money } from "../../components/values";
import { currencyOf } from "./currency";
import { text } from "./messages";

const column = columnsOf<TracePooled>();
const END = { align: "end" } as const;

/** A pool's pot that was split: one's own answers that filled it, by the settlements that lead on to their votes. */
export function Distribution({ trace, distribution }: { trace: Trace; distribution: TraceDistribution }) {
  const t = useText(text);
  const { cursor } = useSearch({ from: "/shell/wallet/postings/$id" });
  const navigate = useNavigate({ from: "/wallet/postings/$id" });
  const go = (next: string | undefined) => void navigate({ search: next ? { cursor: next } : {}, resetScroll: false });
  const { name, members, votes, own } = distribution;
  return (
    <Card title={t("distribution")} hint={t("distributionHint", { name, members, votes })} flush>
      <DataTable
        label={t("distribution")}
        columns={useColumns(currencyOf(trace))}
        rows={own}
        rowId={(row) => String(row.transaction_id)}
        empty={
          <EmptyState icon={<VoteIcon className="size-6" />} title={t("noneOfYours")}>
            {t("noneOfYoursText")}
          </EmptyState>
        }
      />
      <Pager moved={cursor !== undefined} next={trace.next_cursor} onFirst={() => go(undefined)} onNext={go} />
    </Card>
  );
}

function useColumns(currency: string) {
  const t = useText(text);
  return useMemo(
    () =>
      column.columns([
        column.display({
          id: "what",
          header: t("job"),
          cell: ({ row }) => <Name pooled={row.original} />,
          meta: { wide: true },
        }),
        column.display({ id: "votes", header: t("answers"), cell: ({ row }) => row.original.votes, meta: END }),
        column.display({
          id: "earned",
          header: t("earned"),
          cell: ({ row }) => <Money exact micros={row.original.gross_micros} currency={currency} />,
          meta: { ...END, desktop: true },
        }),
        column.display({
          id: "pooled",
          header: t("pooled"),
          cell: ({ row }) => <Money exact micros={row.original.pooled_micros} currency={currency} />,
          meta: END,
        }),
      ]),
    [t, currency],
  );
}

function Name({ pooled }: { pooled: TracePooled }) {
  const t = useText(text);
  const format = useFormat();
  return (
    <div className="min-w-0">
      <Link
        to="/wallet/postings/$id"
        params={{ id: String(pooled.transaction_id) }}
        search={{}}
        className="block truncate rounded-sm font-medium underline underline-offset-2 hover:text-accent"
      >
        {pooled.job_name || t("job")}
      </Link>
      <p className="truncate text-ink-faint text-xs">{format.dateTime(pooled.at)}</p>
    </div>
  );
}
