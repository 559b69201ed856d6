import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { Download, Ellipsis, FileOutput } from "lucide-react";
import { useMemo, useState } from "react";
import { type BatchView, operatorPage } from "../../api";
import { describe } from "../../app/errors";
import { useFormat } from "../../app/format";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { StatePill } from "../../components/badge";
import { Button, IconButton } from "../../components/button";
import { Card } from "../../components/card";
import { columnsOf, DataTable } from "../../components/data_table";
import { EmptyState } from "../../components/empty_state";
import { ErrorNotice } from "../../components/error_notice";
import { Menu } from "../../components/menu";
import { Pager } from "../../components/pager";
import { toast } from "../../components/toast";
import { Money } from "../../components/values";
import { saveFile } from "../job/download";
import { CameBack } from "./came_back";
import { BATCHES, EVERY_MS } from "./keys";
import { MakeBatch } from "./make_batch";
import { text } from "./messages";
import { SettleBatch } from "./settle_batch";
import { fetchFile } from "./use_file";

const PAGE = 10;
const column = columnsOf<BatchView>();
const END = { align: "end" } as const;

type Asked = { readonly what: "settle" | "back"; readonly batch: BatchView };

/** Payouts by bank transfer: files for the bank, and what the bank did with them. */
export function Batches() {
  const t = useText(text);
  const [before, setBefore] = useState<string>();
  const [making, setMaking] = useState(false);
  const [asked, setAsked] = useState<Asked>();
  const batches = useQuery({
    queryKey: [...BATCHES, before],
    queryFn: ({ signal }) => operatorPage({ query: { limit: PAGE, cursor: before ?? null }, signal }),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });
  const columns = useColumns(setAsked);
  const make = (
    <Button size="sm" icon={<FileOutput aria-hidden className="size-3.5" />} onClick={() => setMaking(true)}>
      {t("makeBatch")}
    </Button>
  );
  return (
    <Card title={t("batches")} hint={t("batchesHint")} actions={make} flush>
      {batches.isError ? (
        <div className="px-4 pb-4 sm:px-5">
          <ErrorNotice error={batches.error} onRetry={() => void batches.refetch()} />
        </div>
      ) : (
        <DataTable
          label={t("batches")}
          columns={columns}
          rows={batches.data?.items}
          rowId={(batch) => batch.id}
          empty={
            <EmptyState icon={<FileOutput className="size-6" />} title={t("noBatches")}>
              {t("noBatchesText")}
            </EmptyState>
          }
          skeletonRows={2}
        />
      )}
      <Pager
        moved={before !== undefined}
        next={batches.data?.next_cursor}
        onFirst={() => setBefore(undefined)}
        onNext={setBefore}
      />
      {making && <MakeBatch onClose={() => setMaking(false)} />}
      {asked?.what === "settle" && <SettleBatch batch={asked.batch} onClose={() => setAsked(undefined)} />}
      {asked?.what === "back" && <CameBack batch={asked.batch} onClose={() => setAsked(undefined)} />}
    </Card>
  );
}

function useColumns(onAsk: (asked: Asked) => void) {
  const t = useText(text);
  const format = useFormat();
  return useMemo(
    () =>
      column.columns([
        column.display({
          id: "batch",
          header: t("batch"),
          cell: ({ row: { original } }) => (
            <div className="min-w-0">
              <p className="truncate">
                {t("transfersOn", { count: original.payouts, day: format.day(original.execution_date) })}
              </p>
              <p className="truncate font-mono text-ink-faint text-xs">{original.message_id}</p>
            </div>
          ),
          meta: { wide: true },
        }),
        column.display({
          id: "state",
          header: t("state"),
          cell: ({ row: { original } }) => (
            <StatePill tone={original.state === "closed" ? "good" : "warn"}>{t(`batch_${original.state}`)}</StatePill>
          ),
          meta: { desktop: true },
        }),
        column.display({
          id: "total",
          header: t("sum"),
          cell: ({ row: { original } }) => <Money micros={original.total_micros} currency={original.currency} />,
          meta: END,
        }),
        column.display({
          id: "do",
          header: () => <span className="sr-only">{t("toDo")}</span>,
          cell: ({ row: { original } }) => <Deeds batch={original} onAsk={onAsk} />,
          meta: END,
        }),
      ]),
    [t, format, onAsk],
  );
}

function Deeds({ batch, onAsk }: { batch: BatchView; onAsk: (asked: Asked) => void }) {
  const t = useText(text);
  const save = useSave(batch);
  const trigger = (
    <IconButton label={t("batchMore", { id: batch.message_id })}>
      <Ellipsis aria-hidden className="size-4" />
    </IconButton>
  );
  const next =
    batch.state === "exported"
      ? { label: t("settle"), onSelect: () => onAsk({ what: "settle", batch }) }
      : { label: t("cameBack"), onSelect: () => onAsk({ what: "back", batch }) };
  const file = {
    label: t("download"),
    icon: <Download aria-hidden className="size-4" />,
    onSelect: () => save.mutate(),
  };
  return <Menu trigger={trigger} items={[file, next]} />;
}

/** The very bytes that the coordinator checked, under the name that the bank's answer will have. */
function useSave(batch: BatchView) {
  const t = useText(text);
  const locale = useLocale();
  return useMutation({
    mutationFn: () => fetchFile(batch),
    onSuccess: (content) => saveFile(new Blob([content], { type: "application/xml" }), `${batch.message_id}.xml`),
    onError: (error) => toast(t("notSaved", { why: describe(error, locale).message }), { tone: "bad" }),
  });
}
