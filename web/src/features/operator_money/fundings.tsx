import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Landmark, Search } from "lucide-react";
import { type FormEvent, useMemo, useState } from "react";
import { type OperatorFunding, paymentsWaiting } from "../../api";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { columnsOf, DataTable } from "../../components/data_table";
import { EmptyState } from "../../components/empty_state";
import { ErrorNotice } from "../../components/error_notice";
import { Pager } from "../../components/pager";
import { Ago, Money } from "../../components/values";
import { ConfirmFunding } from "./confirm_funding";
import { EVERY_MS, FUNDINGS } from "./keys";
import { text } from "./messages";

const PAGE = 20;
const REFERENCE_CHARS = 40;
const column = columnsOf<OperatorFunding>();
const END = { align: "end" } as const;

/** Bank transfers that people said they would send: found by what stands in the bank's statement, then confirmed. */
export function Fundings() {
  const t = useText(text);
  const { reference, before } = useSearch({ from: "/shell/operator/money" });
  const navigate = useNavigate({ from: "/operator/money" });
  const [chosen, setChosen] = useState<OperatorFunding>();
  const fundings = useQuery({
    queryKey: [...FUNDINGS, reference, before],
    queryFn: ({ signal }) =>
      paymentsWaiting({ query: { limit: PAGE, reference: reference ?? null, cursor: before ?? null }, signal }),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
  const columns = useColumns(setChosen);
  const find = (wanted: string) =>
    void navigate({ search: { part: "in", ...(wanted && { reference: wanted }) }, resetScroll: false });
  const go = (cursor: string | undefined) =>
    void navigate({ search: { part: "in", ...(cursor && { before: cursor }) }, resetScroll: false });
  return (
    <Card title={t("fundings")} hint={t("fundingsHint")} flush>
      <Finder key={reference} reference={reference ?? ""} onFind={find} />
      {fundings.isError && (
        <div className="px-4 pb-4 sm:px-5">
          <ErrorNotice error={fundings.error} onRetry={() => void fundings.refetch()} />
        </div>
      )}
      {!fundings.isError && (
        <DataTable
          label={t("fundings")}
          columns={columns}
          rows={fundings.data?.items}
          rowId={(funding) => funding.id}
          empty={<NoFundings sought={reference !== undefined} />}
        />
      )}
      <Pager moved={before !== undefined} next={fundings.data?.next_cursor} onFirst={() => go(undefined)} onNext={go} />
      {chosen && <ConfirmFunding key={chosen.id} funding={chosen} onClose={() => setChosen(undefined)} />}
    </Card>
  );
}

function Finder({ reference, onFind }: { reference: string; onFind: (wanted: string) => void }) {
  const t = useText(text);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onFind(String(new FormData(event.currentTarget).get("reference")).trim());
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-center gap-2 px-4 pb-3 sm:px-5">
      <div className="relative min-w-0 flex-1 sm:max-w-64">
        <Search aria-hidden className="pointer-events-none absolute top-2.5 left-3 size-4 text-ink-faint" />
        <input
          name="reference"
          type="search"
          aria-label={t("reference")}
          defaultValue={reference}
          maxLength={REFERENCE_CHARS}
          placeholder="WE1-XXXX-XXXX"
          autoComplete="off"
          className="h-9 w-full rounded-md border border-line bg-surface pr-3 pl-9 font-mono text-base hover:border-line-strong sm:text-sm"
        />
      </div>
      <Button type="submit" className="h-9">
        {t("find")}
      </Button>
      {reference && (
        <Button variant="quiet" className="h-9" onClick={() => onFind("")}>
          {t("showAll")}
        </Button>
      )}
    </form>
  );
}

function useColumns(onChoose: (funding: OperatorFunding) => void) {
  const t = useText(text);
  return useMemo(
    () =>
      column.columns([
        column.display({
          id: "reference",
          header: t("reference"),
          cell: ({ row: { original } }) => (
            <div className="min-w-0">
              <p className="truncate font-mono">{original.reference}</p>
              <p className="truncate text-ink-faint text-xs">{original.email ?? t("accountGone")}</p>
              <p className="truncate md:hidden">
                <Money micros={original.amount_micros} currency={original.currency} />
              </p>
            </div>
          ),
          meta: { wide: true },
        }),
        column.display({
          id: "since",
          header: t("since"),
          cell: ({ row: { original } }) => <Ago at={original.created_at} />,
          meta: { desktop: true },
        }),
        column.display({
          id: "amount",
          header: t("announced"),
          cell: ({ row: { original } }) => <Money micros={original.amount_micros} currency={original.currency} />,
          meta: { ...END, desktop: true },
        }),
        column.display({
          id: "confirm",
          header: () => <span className="sr-only">{t("confirm")}</span>,
          cell: ({ row: { original } }) =>
            original.state === "open" ? (
              <Button
                size="sm"
                aria-label={t("confirmNamed", { reference: original.reference })}
                onClick={() => onChoose(original)}
              >
                {t("confirm")}
              </Button>
            ) : (
              <span className="text-ink-faint">{t(`funding_${original.state}`)}</span>
            ),
          meta: END,
        }),
      ]),
    [t, onChoose],
  );
}

function NoFundings({ sought }: { sought: boolean }) {
  const t = useText(text);
  return (
    <EmptyState icon={<Landmark className="size-6" />} title={t(sought ? "noSuchFunding" : "noFundings")}>
      {t(sought ? "noSuchFundingText" : "noFundingsText")}
    </EmptyState>
  );
}
