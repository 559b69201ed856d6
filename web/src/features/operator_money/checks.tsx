import { useMemo } from "react";
import type { MoneyReport, RailCheck, RailMovement, WaitingNotice } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { StatePill } from "../../components/badge";
import { Card } from "../../components/card";
import { columnsOf, DataTable } from "../../components/data_table";
import { Ago, Money } from "../../components/values";
import { text } from "./messages";
import { WithReport } from "./report";

const checkColumn = columnsOf<RailCheck>();
const movementColumn = columnsOf<RailMovement>();
const noticeColumn = columnsOf<WaitingNotice>();
const END = { align: "end" } as const;

/** Whether the rails and the books say the same, and what nobody has explained or worked through. */
export function Checks() {
  return (
    <WithReport>
      {(report) => (
        <>
          <Comparison checks={report.checks} />
          <Movements movements={report.unexplained} />
          <Notices report={report} />
        </>
      )}
    </WithReport>
  );
}

function Nothing({ children }: { children: string }) {
  return <p className="px-4 pb-5 text-ink-soft sm:px-5">{children}</p>;
}

function Comparison({ checks }: { checks: readonly RailCheck[] }) {
  const t = useText(text);
  const columns = useMemo(
    () =>
      checkColumn.columns([
        checkColumn.display({
          id: "rail",
          header: t("rail"),
          cell: ({ row: { original } }) => (
            <span className="capitalize">
              {original.rail} <span className="text-ink-faint uppercase">{original.currency}</span>
            </span>
          ),
        }),
        checkColumn.display({
          id: "verdict",
          header: t("verdict"),
          cell: ({ row: { original } }) => <Verdict check={original} />,
          meta: { wide: true },
        }),
        checkColumn.display({
          id: "when",
          header: t("compared"),
          cell: ({ row: { original } }) => <Ago at={original.checked_at} />,
          meta: { desktop: true },
        }),
        checkColumn.display({
          id: "difference",
          header: t("difference"),
          cell: ({ row: { original } }) => <Money micros={original.difference_micros} currency={original.currency} />,
          meta: END,
        }),
      ]),
    [t],
  );
  return (
    <Card title={t("checks")} hint={t("checksHint")} flush>
      <DataTable
        label={t("checks")}
        columns={columns}
        rows={checks}
        rowId={({ rail, currency }) => `${rail} ${currency}`}
        empty={<Nothing>{t("noChecks")}</Nothing>}
      />
    </Card>
  );
}

function Verdict({ check }: { check: RailCheck }) {
  const t = useText(text);
  const format = useFormat();
  const { difference_micros: difference, unexplained, currency } = check;
  if (difference === 0 && unexplained === 0) return <StatePill tone="good">{t("allExplained")}</StatePill>;
  const amount = format.money(Math.abs(difference), currency);
  const words =
    difference === 0
      ? t("unexplainedOnly", { count: unexplained })
      : t(difference > 0 ? "railMore" : "railLess", { amount });
  return (
    <span className="block whitespace-normal">
      <StatePill tone="bad">{t("notExplained")}</StatePill> <span className="text-ink-soft">{words}</span>
      {check.differs_since && (
        <span className="block text-ink-faint">
          {t("differsSince", { time: format.dateTime(check.differs_since) })}
        </span>
      )}
    </span>
  );
}

function Movements({ movements }: { movements: readonly RailMovement[] }) {
  const t = useText(text);
  const format = useFormat();
  const columns = useMemo(
    () =>
      movementColumn.columns([
        movementColumn.display({
          id: "what",
          header: t("movement"),
          cell: ({ row: { original } }) => (
            <div className="min-w-0">
              <p className="truncate">{original.type}</p>
              <p className="truncate font-mono text-ink-faint text-xs">{original.source || original.id}</p>
            </div>
          ),
          meta: { wide: true },
        }),
        movementColumn.display({
          id: "when",
          header: t("when"),
          cell: ({ row: { original } }) => format.dateTime(original.at),
          meta: { desktop: true },
        }),
        movementColumn.display({
          id: "net",
          header: t("amount"),
          cell: ({ row: { original } }) => <Money micros={original.net_micros} currency={original.currency} signed />,
          meta: END,
        }),
      ]),
    [t, format],
  );
  return (
    <Card title={t("movements")} hint={t("movementsHint")} flush>
      <DataTable
        label={t("movements")}
        columns={columns}
        rows={movements}
        rowId={({ rail, id }) => `${rail} ${id}`}
        empty={<Nothing>{t("noMovements")}</Nothing>}
      />
    </Card>
  );
}

function Notices({ report }: { report: MoneyReport }) {
  const t = useText(text);
  const columns = useMemo(
    () =>
      noticeColumn.columns([
        noticeColumn.display({
          id: "type",
          header: t("notice"),
          cell: ({ row: { original } }) => (
            <div className="min-w-0">
              <p className="truncate">{original.type}</p>
              <p className="truncate font-mono text-ink-faint text-xs">{original.id}</p>
              {original.error && <p className="whitespace-normal break-words text-bad text-xs">{original.error}</p>}
            </div>
          ),
          meta: { wide: true },
        }),
        noticeColumn.display({
          id: "since",
          header: t("received_"),
          cell: ({ row: { original } }) => <Ago at={original.received_at} />,
          meta: { desktop: true },
        }),
        noticeColumn.display({
          id: "attempts",
          header: t("attempts"),
          cell: ({ row: { original } }) => original.attempts,
          meta: END,
        }),
      ]),
    [t],
  );
  return (
    <Card title={t("notices")} hint={t("noticesHint", { count: report.notices_waiting })} flush>
      <DataTable
        label={t("notices")}
        columns={columns}
        rows={report.notices}
        rowId={({ rail, id }) => `${rail} ${id}`}
        empty={<Nothing>{t("noNotices")}</Nothing>}
      />
    </Card>
  );
}
