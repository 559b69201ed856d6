import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Send } from "lucide-react";
import { useMemo } from "react";
import { operatorWaiting, type PayoutView } from "../../api";
import { useText } from "../../app/text";
import { Badge } from "../../components/badge";
import { Card } from "../../components/card";
import { columnsOf, DataTable } from "../../components/data_table";
import { EmptyState } from "../../components/empty_state";
import { ErrorNotice } from "../../components/error_notice";
import { Pager } from "../../components/pager";
import { Ago, Money } from "../../components/values";
import { EVERY_MS, PAYOUTS } from "./keys";
import { text } from "./messages";
import { needsOperator, whyOf } from "./why";

const PAGE = 20;
const column = columnsOf<PayoutView>();
const END = { align: "end" } as const;

/** Payouts that have not left, the oldest first, and why. */
export function Payouts() {
  const t = useText(text);
  const { before } = useSearch({ from: "/shell/operator/money" });
  const navigate = useNavigate({ from: "/operator/money" });
  const payouts = useQuery({
    queryKey: [...PAYOUTS, before],
    queryFn: ({ signal }) => operatorWaiting({ query: { limit: PAGE, cursor: before ?? null }, signal }),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
  const columns = useColumns();
  const go = (cursor: string | undefined) =>
    void navigate({ search: { part: "out", ...(cursor && { before: cursor }) }, resetScroll: false });
  return (
    <Card title={t("payouts")} hint={t("payoutsHint")} flush>
      {payouts.isError ? (
        <div className="px-4 pb-4 sm:px-5">
          <ErrorNotice error={payouts.error} onRetry={() => void payouts.refetch()} />
        </div>
      ) : (
        <DataTable
          label={t("payouts")}
          columns={columns}
          rows={payouts.data?.items}
          rowId={(payout) => payout.id}
          empty={
            <EmptyState icon={<Send className="size-6" />} title={t("noPayouts")}>
              {t("noPayoutsText")}
            </EmptyState>
          }
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
          id: "why",
          header: t("why"),
          cell: ({ row: { original } }) => <Why payout={original} />,
          meta: { wide: true },
        }),
        column.display({
          id: "since",
          header: t("asked"),
          cell: ({ row: { original } }) => <Ago at={original.requested_at} />,
          meta: { desktop: true },
        }),
        column.display({
          id: "net",
          header: t("arrives"),
          cell: ({ row: { original } }) => <Money micros={original.net_micros} currency={original.currency} />,
          meta: END,
        }),
      ]),
    [t],
  );
}

function Why({ payout }: { payout: PayoutView }) {
  const t = useText(text);
  const why = whyOf(payout);
  return (
    <div className="min-w-0 whitespace-normal">
      <p>
        <Badge tone={needsOperator(why) ? "warn" : "neutral"}>
          {t(payout.rail === "manual" ? "byBank" : "byStripe")}
        </Badge>{" "}
        {why ? t(`why_${why}`) : t("why_other", { reason: payout.reason })}
      </p>
      {payout.detail && <p className="break-words text-ink-faint text-xs">{payout.detail}</p>}
      <p className="truncate font-mono text-ink-faint text-xs">{payout.id}</p>
    </div>
  );
}
