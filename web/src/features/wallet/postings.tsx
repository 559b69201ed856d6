import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { type Posting, paymentsPostings } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { columnsOf, DataTable } from "../../components/data_table";
import { ErrorNotice } from "../../components/error_notice";
import { Pager } from "../../components/pager";
import { Money } from "../../components/values";
import type { Account } from "./account";
import { events } from "./events";
import { text } from "./messages";
import { NoPostings } from "./no_postings";

const PAGE = 12;
const EVERY_MS = 10_000;
const column = columnsOf<Posting>();
const END = { align: "end" } as const;

/** The movements that made a balance what it is. */
export function Postings({ account, currency }: { account: Account; currency: string }) {
  const t = useText(text);
  const { before } = useSearch({ from: "/shell/wallet" });
  const navigate = useNavigate({ from: "/wallet" });
  const postings = useQuery({
    queryKey: ["wallet", "postings", account, currency, before],
    queryFn: ({ signal }) =>
      paymentsPostings({ query: { account, currency, limit: PAGE, cursor: before ?? null }, signal }),
    refetchInterval: before ? false : EVERY_MS,
    placeholderData: (old, query) =>
      query?.queryKey[2] === account && query.queryKey[3] === currency ? old : undefined,
  });
  const columns = useColumns(account, currency);
  const go = (cursor: string | undefined) =>
    void navigate({
      search: ({ before: _, ...old }) => ({ ...old, ...(cursor && { before: cursor }) }),
      resetScroll: false,
    });
  return (
    <Card title={t("postings", { account: t(`behind_${account}`) })} hint={t("postingsHint")} flush>
      {postings.isError && (
        <div className="px-4 pb-4 sm:px-5">
          <ErrorNotice error={postings.error} onRetry={() => void postings.refetch()} />
        </div>
      )}
      {(postings.data || postings.isPending) && (
        <DataTable
          label={t("postings", { account: t(`behind_${account}`) })}
          columns={columns}
          rows={postings.data?.items}
          rowId={(posting) => `${posting.transaction_id} ${posting.balance_micros}`}
          empty={<NoPostings account={account} />}
          skeletonRows={PAGE}
        />
      )}
      <Pager moved={before !== undefined} next={postings.data?.next_cursor} onFirst={() => go(undefined)} onNext={go} />
    </Card>
  );
}

function useColumns(account: Account, currency: string) {
  const t = useText(text);
  return useMemo(
    () =>
      column.columns([
        column.display({
          id: "what",
          header: t("what"),
          cell: ({ row }) => <What posting={row.original} account={account} />,
          meta: { wide: true },
        }),
        column.display({
          id: "amount",
          header: t("amount"),
          cell: ({ row }) => <Money micros={row.original.amount_micros} currency={currency} signed exact />,
          meta: END,
        }),
        column.display({
          id: "after",
          header: t("after"),
          cell: ({ row }) => (
            <span className="text-ink-soft">
              <Money micros={row.original.balance_micros} currency={currency} exact />
            </span>
          ),
          meta: { ...END, desktop: true },
        }),
      ]),
    [t, account, currency],
  );
}

/** The event in words, when it was, and the job or the operator's note. */
function What({ posting, account }: { posting: Posting; account: Account }) {
  const t = useText(events);
  const format = useFormat();
  const key = `${account}_${posting.kind}`;
  return (
    <div className="min-w-0">
      <Link
        to="/wallet/postings/$id"
        params={{ id: String(posting.transaction_id) }}
        search={{}}
        className="block truncate rounded-sm font-medium hover:text-accent hover:underline"
      >
        {t.has(key) ? t(key) : t("other", { kind: posting.kind })}
      </Link>
      <p className="truncate text-ink-faint text-xs">
        {format.dateTime(posting.at)} <About posting={posting} account={account} />
      </p>
    </div>
  );
}

/** A contributor may not see the pages of others' jobs. */
function About({ posting, account }: { posting: Posting; account: Account }) {
  const t = useText(text);
  const { job, memo } = posting;
  const name = posting.job_name || t("job");
  if (!job) return memo ? <>· {t("memo", { memo })}</> : null;
  if (account === "earnings") return <>· {name}</>;
  return (
    <>
      ·{" "}
      <Link
        to="/jobs/$jobId"
        params={{ jobId: job }}
        search={{}}
        className="rounded-sm text-ink-soft underline underline-offset-2 hover:text-accent"
      >
        {name}
      </Link>
    </>
  );
}
