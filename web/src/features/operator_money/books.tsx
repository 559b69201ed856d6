import { Scale } from "lucide-react";
import type { ReactNode } from "react";
import type { CurrencyMoney, MoneyReport } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { EmptyState } from "../../components/empty_state";
import { InfoTip } from "../../components/info_tip";
import { Stat, Stats } from "../../components/stat";
import { Money } from "../../components/values";
import { Notice } from "../new_job/notice";
import { text } from "./messages";
import { WithReport } from "./report";
import { sheetOf } from "./sheet";

const FLOWS = ["came_in", "refunded", "disputed", "paid_out"] as const;

/** What came in and went out, where the money is and whose it is, in every currency. */
export function Books() {
  return <WithReport>{(report) => <Currencies report={report} />}</WithReport>;
}

function Currencies({ report }: { report: MoneyReport }) {
  const t = useText(text);
  if (report.currencies.length === 0) {
    return (
      <Card>
        <EmptyState icon={<Scale className="size-6" />} title={t("noBooks")}>
          {t("noBooksText")}
        </EmptyState>
      </Card>
    );
  }
  return report.currencies.map((money) => (
    <CurrencyCard key={money.currency} money={money} home={report.network_currency} />
  ));
}

function CurrencyCard({ money, home }: { money: CurrencyMoney; home: string }) {
  const t = useText(text);
  const { currency } = money;
  const sheet = sheetOf(money);
  const places = [
    ...sheet.rails.map(({ rail, micros }) => ({ name: t("atRail", { rail: railName(rail) }), micros })),
    ...sheet.places.map(({ kind, micros }) => ({ name: t(kind), tip: t(`tip_${kind}`), micros })),
  ];
  const owners = sheet.owners.map(({ kind, micros }) => ({ name: t(kind), tip: t(`tip_${kind}`), micros }));
  return (
    <Card title={t("booksOf", { currency: currency.toUpperCase() })}>
      <div className="flex flex-col gap-6">
        <Unequal off={sheet.ownersMicros - sheet.placesMicros} currency={currency} />
        <Stats>
          {FLOWS.map((flow) => (
            <Stat
              key={flow}
              label={t(flow)}
              tip={<InfoTip label={t("about", { what: t(flow) })}>{t(`tip_${flow}`)}</InfoTip>}
              value={<Money micros={money[`${flow}_micros`]} currency={currency} />}
            />
          ))}
        </Stats>
        <div className="grid gap-x-10 gap-y-6 lg:grid-cols-2">
          <Side name={t("places")} lines={places} sum={sheet.placesMicros} currency={currency} />
          <Side name={t("owners")} lines={owners} sum={sheet.ownersMicros} currency={currency} />
        </div>
        <Position money={money} home={home} />
      </div>
    </Card>
  );
}

/** Stripe and what else may come; a bank account of one's own is told as such. */
function railName(rail: string): string {
  return rail.charAt(0).toUpperCase() + rail.slice(1);
}

function Unequal({ off, currency }: { off: number; currency: string }) {
  const t = useText(text);
  const format = useFormat();
  return off === 0 ? null : <Notice tone="bad">{t("booksOff", { amount: format.money(off, currency) })}</Notice>;
}

/** What exchanging left the network with, at today's worth. */
function Position({ money, home }: { money: CurrencyMoney; home: string }) {
  const t = useText(text);
  const format = useFormat();
  const { position_micros, position_value_micros: value, rate_day, currency } = money;
  if (position_micros === 0 || currency === home) return null;
  return (
    <p className="text-ink-soft text-sm">
      {value === null || rate_day === null
        ? t("positionUnknown")
        : t("positionWorth", {
            amount: format.money(position_micros, currency),
            value: format.money(value, home),
            day: format.day(rate_day),
          })}
    </p>
  );
}

interface Line {
  readonly name: string;
  readonly tip?: string;
  readonly micros: number;
}

function Side(props: { name: string; lines: readonly Line[]; sum: number; currency: string }) {
  const t = useText(text);
  const { name, lines, sum, currency } = props;
  return (
    <table className="w-full self-start text-sm">
      <caption className="pb-2 text-left font-medium text-ink-faint text-xs">{name}</caption>
      <tbody>
        {lines.map(({ name: line, tip, micros }) => (
          <Row key={line} name={<Named name={line} tip={tip} />} micros={micros} currency={currency} />
        ))}
      </tbody>
      <tfoot className="font-semibold">
        <Row name={t("sum")} micros={sum} currency={currency} />
      </tfoot>
    </table>
  );
}

function Row({ name, micros, currency }: { name: ReactNode; micros: number; currency: string }) {
  return (
    <tr className="border-line border-t">
      <th scope="row" className="py-2 text-left font-normal in-[tfoot]:font-semibold">
        {name}
      </th>
      <td className="whitespace-nowrap py-2 pl-4 text-right">
        <Money micros={micros} currency={currency} />
      </td>
    </tr>
  );
}

function Named({ name, tip }: { name: string; tip: string | undefined }) {
  const t = useText(text);
  return (
    <span className="inline-flex items-center gap-1">
      {name}
      {tip && <InfoTip label={t("about", { what: name })}>{tip}</InfoTip>}
    </span>
  );
}
