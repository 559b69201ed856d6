import { useQuery } from "@tanstack/react-query";
import { Scale } from "lucide-react";
import { useMemo } from "react";
import { operatorTotals } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { EmptyState } from "../../components/empty_state";
import { ErrorNotice } from "../../components/error_notice";
import { InfoTip } from "../../components/info_tip";
import { SkeletonText } from "../../components/skeleton";
import { Money } from "../../components/values";
import { Notice } from "../new_job/notice";
import { BOOKS, EVERY_MS } from "./keys";
import { text } from "./messages";
import { type Line, type Sheet, sheetsOf } from "./sheet";

/** Where the money is and whose it is, in every currency: the whole ledger on one page. */
export function Books() {
  const t = useText(text);
  const books = useQuery({
    queryKey: BOOKS,
    queryFn: ({ signal }) => operatorTotals({ signal }),
    refetchInterval: EVERY_MS,
  });
  const sheets = useMemo(() => books.data && sheetsOf(books.data.totals), [books.data]);
  if (books.isError && !sheets) return <ErrorNotice error={books.error} onRetry={() => void books.refetch()} />;
  if (!sheets) {
    return (
      <Card>
        <SkeletonText lines={6} />
      </Card>
    );
  }
  if (sheets.length === 0) {
    return (
      <Card>
        <EmptyState icon={<Scale className="size-6" />} title={t("noBooks")}>
          {t("noBooksText")}
        </EmptyState>
      </Card>
    );
  }
  return (
    <div className="flex flex-col gap-4 sm:gap-6">
      {sheets.map((sheet) => (
        <SheetCard key={sheet.currency} sheet={sheet} />
      ))}
    </div>
  );
}

function SheetCard({ sheet }: { sheet: Sheet }) {
  const t = useText(text);
  const format = useFormat();
  const { currency, placesMicros, ownersMicros } = sheet;
  const off = ownersMicros - placesMicros;
  return (
    <Card title={t("booksOf", { currency: currency.toUpperCase() })}>
      {off !== 0 && (
        <div className="mb-4">
          <Notice tone="bad">{t("booksOff", { amount: format.money(off, currency) })}</Notice>
        </div>
      )}
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-2">
        <Side name={t("places")} lines={sheet.places} sum={placesMicros} currency={currency} />
        <Side name={t("owners")} lines={sheet.owners} sum={ownersMicros} currency={currency} />
      </div>
    </Card>
  );
}

function Side(props: { name: string; lines: readonly Line[]; sum: number; currency: string }) {
  const t = useText(text);
  const { name, lines, sum, currency } = props;
  return (
    <table className="w-full self-start text-sm">
      <caption className="pb-2 text-left font-medium text-ink-faint text-xs">{name}</caption>
      <tbody>
        {lines.map((line) => (
          <tr key={line.kind} className="border-line border-t">
            <th scope="row" className="py-2 text-left font-normal">
              <KindName kind={line.kind} />
            </th>
            <td className="whitespace-nowrap py-2 pl-4 text-right">
              <Money micros={line.micros} currency={currency} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr className="border-line-strong border-t font-semibold">
          <th scope="row" className="py-2 text-left">
            {t("sum")}
          </th>
          <td className="whitespace-nowrap py-2 pl-4 text-right">
            <Money micros={sum} currency={currency} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function KindName({ kind }: { kind: string }) {
  const t = useText(text);
  const [name, tip] = [`kind_${kind}`, `kindTip_${kind}`];
  if (!t.has(name)) return kind;
  return (
    <span className="inline-flex items-center gap-1">
      {t(name)}
      {t.has(tip) && <InfoTip label={t("about", { what: t(name) })}>{t(tip)}</InfoTip>}
    </span>
  );
}
