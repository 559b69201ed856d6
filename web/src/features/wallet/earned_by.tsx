import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useMemo } from "react";
import { type EarningsGroup, paymentsEarnings } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { Choice } from "../../components/choice";
import { columnsOf, DataTable } from "../../components/data_table";
import { ErrorNotice } from "../../components/error_notice";
import { Money } from "../../components/values";
import { words } from "../../components/words";
import { text } from "./messages";

const PAGE = 7;
const WAYS = ["day", "job", "node"] as const;
type By = (typeof WAYS)[number];
const column = columnsOf<EarningsGroup>();

/** What was earned by days, and what a day was earned with: jobs, or devices. */
export function EarnedBy() {
  const t = useText(text);
  const w = useText(words);
  const { by = "day", day } = useSearch({ from: "/shell/wallet" });
  const groups = useInfiniteQuery({
    queryKey: ["wallet", "earned", by, day],
    queryFn: ({ pageParam, signal }) => {
      const days = day ? { first: day, last: day } : {};
      return paymentsEarnings({ query: { by, ...days, limit: PAGE, cursor: pageParam }, signal });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const columns = useColumns(by);
  return (
    <Card title={t("byTitle")} hint={t("byHint")} flush>
      <Narrowing by={by} day={day} />
      {groups.isError && (
        <div className="px-4 pb-4 sm:px-5">
          <ErrorNotice error={groups.error} onRetry={() => void groups.refetch()} />
        </div>
      )}
      {!groups.isError && (
        <DataTable
          label={t("byTitle")}
          columns={columns}
          rows={groups.data?.pages.flatMap((page) => page.groups)}
          rowId={(group) => [group.currency, group.day, group.job, group.node].join(" ")}
          empty={<p className="px-4 pb-5 text-ink-soft sm:px-5">{t("byNothing")}</p>}
          skeletonRows={3}
        />
      )}
      {groups.hasNextPage && (
        <div className="px-4 py-3 sm:px-5">
          <Button size="sm" busy={groups.isFetchingNextPage} onClick={() => void groups.fetchNextPage()}>
            {w("older")}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Narrowing({ by, day }: { by: By; day: string | undefined }) {
  const t = useText(text);
  const format = useFormat();
  const navigate = useNavigate({ from: "/wallet" });
  const change = (next: By, only: string | undefined) =>
    void navigate({
      search: ({ by: _, day: __, ...old }) => ({
        ...old,
        ...(next !== "day" && { by: next }),
        ...(only && next !== "day" && { day: only }),
      }),
      replace: true,
      resetScroll: false,
    });
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-3 sm:px-5">
      <Choice
        label={t("by")}
        value={by}
        options={WAYS.map((way) => ({ value: way, label: t(`by_${way}`) }))}
        onChange={(next) => change(next, day)}
      />
      {day && (
        <Button
          size="sm"
          icon={<X aria-hidden className="size-3.5" />}
          aria-label={t("allDays")}
          onClick={() => change(by, undefined)}
        >
          {t("onlyDay", { day: format.day(day) })}
        </Button>
      )}
    </div>
  );
}

function useColumns(by: By) {
  const t = useText(text);
  return useMemo(
    () =>
      column.columns([
        column.display({
          id: "what",
          header: t(`by_${by}`),
          cell: ({ row }) => <What group={row.original} by={by} />,
          meta: { wide: true },
        }),
        column.display({
          id: "earned",
          header: t("earned"),
          cell: ({ row }) => <Money exact micros={row.original.earned_micros} currency={row.original.currency} />,
          meta: { align: "end" },
        }),
      ]),
    [t, by],
  );
}

function What({ group, by }: { group: EarningsGroup; by: By }) {
  const t = useText(text);
  const format = useFormat();
  if (by === "day" && group.day) return <Day day={group.day} />;
  const known = by === "job" ? group.job : group.node;
  const name = by === "job" ? group.job_name : group.node_name;
  return (
    <div className="min-w-0">
      <p className="truncate">{known ? name || t("noName") : t(`beside_${by === "job" ? "job" : "node"}`)}</p>
      <p className="truncate text-ink-faint text-xs">
        {group.votes_paid === null ? format.dateTime(group.last_at) : t("votes", { count: group.votes_paid })}
      </p>
    </div>
  );
}

function Day({ day }: { day: string }) {
  const t = useText(text);
  const shown = useFormat().day(day);
  return (
    <Link
      to="/wallet"
      search={(old) => ({ ...old, by: "job" as const, day })}
      resetScroll={false}
      aria-label={t("dayOf", { day: shown })}
      className="rounded-sm font-medium underline underline-offset-2 hover:text-accent"
    >
      {shown}
    </Link>
  );
}
