import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowUpRight } from "lucide-react";
import { useMemo } from "react";
import { type PayoutView, paymentsPage } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { StatePill } from "../../components/badge";
import { Card } from "../../components/card";
import { columnsOf, DataTable } from "../../components/data_table";
import { EmptyState } from "../../components/empty_state";
import { ErrorNotice } from "../../components/error_notice";
import { Pager } from "../../components/pager";
import { Money } from "../../components/values";
import { PAYOUTS } from "./keys";
import { text } from "./messages";
import { isUnderway, toneOf } from "./state";

const PAGE = 12;
const EVERY_MS = 5_000;
const column = columnsOf<PayoutView>();

/** Every payout and where it is. */
export function Payouts() {
  const t = useText(text);
  const { before } = useSearch({ from: "/shell/wallet/payouts" });
  const navigate = useNavigate({ from: "/wallet/payouts" });
  const payouts = useQuery({
    queryKey: [...PAYOUTS, before],
    queryFn: ({ signal }) => paymentsPage({ query: { limit: PAGE, cursor: before ?? null }, signal }),
    refetchInterval: before ? false : EVERY_MS,
  });
  const columns = useColumns();
  const go = (cursor: string | undefined) =>
    void navigate({ search: ({ before: _, ...old }) => ({ ...old, ...(cursor && { before: cursor }) }) });
  return (
    <Card title={t("payouts")} hint={t("payoutsHint")} flush>
      {payouts.isError && (
        <div className="px-4 pb-4 sm:px-5">
          <ErrorNotice error={payouts.error} onRetry={() => void payouts.refetch()} />
        </div>
      )}
      {(payouts.data || payouts.isPending) && (
        <DataTable
          label={t("payouts")}
          columns={columns}
          rows={payouts.data?.items}
          rowId={(payout) => payout.id}
          empty={
            <EmptyState icon={<ArrowUpRight className="size-6" />} title={t("none")}>
              {t("noneText")}
            </EmptyState>
          }
          skeletonRows={3}
        />
      )}
      <Pager moved={before !== undefined} next={payouts.data?.next_cursor} onFirst={() => go(undefined)} onNext={go} />
    </Card>
  );
}

function useColumns() {
  const t = useText(text);
  return useMemo(
    () =>
      column.columns([
        column.display({
          id: "when",
          header: t("when"),
          cell: ({ row }) => <When payout={row.original} />,
          meta: { wide: true },
        }),
        column.display({ id: "state", header: t("state"), cell: ({ row }) => <State payout={row.original} /> }),
        column.display({
          id: "amount",
          header: t("amount"),
          cell: ({ row }) => <Money micros={row.original.net_micros} currency={row.original.currency} />,
          meta: { align: "end" },
        }),
      ]),
    [t],
  );
}

function When({ payout }: { payout: PayoutView }) {
  const t = useText(text);
  const format = useFormat();
  const at = format.dateTime(payout.requested_at);
  const rail = `rail_${payout.rail}`;
  return (
    <div className="min-w-0">
      <Link
        to="/wallet/payouts"
        search={(old) => ({ ...old, payout: payout.id })}
        resetScroll={false}
        aria-label={t("look", { amount: format.money(payout.net_micros, payout.currency), at })}
        className="block truncate rounded-sm font-medium hover:text-accent"
      >
        {at}
      </Link>
      <p className="truncate text-ink-faint text-xs">
        {t.has(rail) ? t(rail) : payout.rail}
        {payout.automatic && <> · {t("automatic")}</>}
      </p>
    </div>
  );
}

export function State({ payout }: { payout: PayoutView }) {
  const t = useText(text);
  const key = `state_${payout.state}`;
  return (
    <StatePill tone={toneOf(payout.state)} live={isUnderway(payout)}>
      {t.has(key) ? t(key) : payout.state}
    </StatePill>
  );
}
