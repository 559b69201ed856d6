import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type EarningsSeries, paymentsSeries } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { LinkButton } from "../../components/button";
import { Card } from "../../components/card";
import { Chart } from "../../components/chart";
import { ErrorNotice } from "../../components/error_notice";
import { InfoTip } from "../../components/info_tip";
import { Skeleton } from "../../components/skeleton";
import { Stat, Stats } from "../../components/stat";
import { Money } from "../../components/values";
import { text } from "./messages";

const HOURS = 24;
const REFRESH_MS = 15_000;
const CHART_HEIGHT = 160;

/** What all devices of this account earned. */
export function EarningsCard() {
  const t = useText(text);
  const earnings = useQuery({
    queryKey: ["earnings", HOURS],
    queryFn: ({ signal }) => paymentsSeries({ query: { hours: HOURS }, signal }),
    refetchInterval: REFRESH_MS,
  });
  const money = (micros: number | undefined) =>
    earnings.data && micros !== undefined && <Money micros={micros} currency={earnings.data.currency} />;
  return (
    <Card
      title={t("earnings")}
      hint={t("earningsHint")}
      actions={
        <LinkButton to="/wallet" search={{}} size="sm">
          {t("toWallet")}
        </LinkButton>
      }
    >
      {earnings.isError && !earnings.data ? (
        <ErrorNotice error={earnings.error} onRetry={() => void earnings.refetch()} />
      ) : (
        <div className="flex flex-col gap-5">
          <Stats>
            <Stat label={t("today")} value={money(earnings.data?.today_micros)} tip={<Tip name="today" />} />
            <Stat label={t("pending")} value={money(earnings.data?.pending_micros)} tip={<Tip name="pending" />} />
            <Stat label={t("paid")} value={money(earnings.data?.paid_micros)} tip={<Tip name="paid" />} />
          </Stats>
          <Hours series={earnings.data} />
        </div>
      )}
    </Card>
  );
}

function Tip({ name }: { name: "today" | "pending" | "paid" }) {
  const t = useText(text);
  return <InfoTip label={t(name)}>{t(`${name}Tip`)}</InfoTip>;
}

function Hours({ series }: { series: EarningsSeries | undefined }) {
  const t = useText(text);
  const format = useFormat();
  const hours = series?.hours;
  const times = useMemo(() => (hours ?? []).map(({ at }) => Date.parse(at) / 1_000), [hours]);
  const bars = useMemo(() => {
    const values = (hours ?? []).map(({ earned_micros: micros }) => micros);
    return [{ label: t("perHour"), values, kind: "bars" as const }];
  }, [hours, t]);
  if (series === undefined) return <Skeleton className="h-45 w-full" />;
  const sum = series.hours.reduce((micros, hour) => micros + hour.earned_micros, 0);
  if (sum === 0) {
    return (
      <p className="grid h-45 place-items-center rounded-md bg-sunken px-6 text-center text-balance text-ink-soft">
        {t("noEarnings")}
      </p>
    );
  }
  const money = (micros: number) => format.money(micros, series.currency);
  return (
    <Chart
      label={t("chartLabel", { amount: money(sum) })}
      times={times}
      series={bars}
      format={money}
      height={CHART_HEIGHT}
    />
  );
}
