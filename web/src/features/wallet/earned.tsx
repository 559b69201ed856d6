import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { type EarningsSeries, paymentsSeries } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { Chart } from "../../components/chart";
import { cx } from "../../components/cx";
import { ErrorNotice } from "../../components/error_notice";
import { InfoTip } from "../../components/info_tip";
import { Skeleton } from "../../components/skeleton";
import { Stat } from "../../components/stat";
import { Money } from "../../components/values";
import { text } from "./messages";

const SPANS = { "24h": 24, "7d": 168 } as const;
type Span = keyof typeof SPANS;
const EVERY_MS = 30_000;
const HEIGHT = 180;

/** What one's nodes earned, by the hour. */
export function Earned() {
  const t = useText(text);
  const { span = "24h" } = useSearch({ from: "/shell/wallet" });
  const series = useQuery({
    queryKey: ["wallet", "series", span],
    queryFn: ({ signal }) => paymentsSeries({ query: { hours: SPANS[span] }, signal }),
    refetchInterval: EVERY_MS,
  });
  return (
    <Card title={t("earnedTitle")} hint={t("earnedHint")}>
      {series.isError && <ErrorNotice error={series.error} onRetry={() => void series.refetch()} />}
      {(series.data || series.isPending) && (
        <>
          <Sums series={series.data} />
          <Spans span={span} />
          <div className="min-h-50">
            {series.data ? <Hours series={series.data} span={span} /> : <Skeleton className="h-50" />}
          </div>
        </>
      )}
    </Card>
  );
}

function Sums({ series }: { series: EarningsSeries | undefined }) {
  const t = useText(text);
  const money = (key: "today" | "pending" | "paid") =>
    series && <Money micros={series[`${key}_micros`]} currency={series.currency} />;
  return (
    <dl className="grid grid-cols-[repeat(3,auto)] justify-between gap-x-4">
      {(["today", "pending", "paid"] as const).map((key) => (
        <Stat key={key} label={t(key)} tip={<InfoTip label={t(key)}>{t(`${key}Tip`)}</InfoTip>} value={money(key)} />
      ))}
    </dl>
  );
}

function Spans({ span }: { span: Span }) {
  const t = useText(text);
  const navigate = useNavigate({ from: "/wallet" });
  const choose = (next: Span) =>
    void navigate({
      search: ({ span: _, ...old }) => ({ ...old, ...(next !== "24h" && { span: next }) }),
      replace: true,
      resetScroll: false,
    });
  return (
    <fieldset className="my-4 inline-flex rounded-md bg-sunken p-0.5">
      <legend className="sr-only">{t("span")}</legend>
      {(Object.keys(SPANS) as Span[]).map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === span}
          onClick={() => choose(one)}
          className={cx(
            "h-8 rounded-sm px-3 font-medium text-xs",
            one === span ? "bg-surface text-ink shadow-card" : "text-ink-soft hover:text-ink",
          )}
        >
          {t(`span${one}`)}
        </button>
      ))}
    </fieldset>
  );
}

function Hours({ series, span }: { series: EarningsSeries; span: Span }) {
  const t = useText(text);
  const format = useFormat();
  const { hours, currency } = series;
  const times = useMemo(() => hours.map(({ at }) => Date.parse(at) / 1000), [hours]);
  const lines = useMemo(
    () => [
      {
        label: t("series"),
        values: hours.map((hour) => hour.earned_micros),
        kind: span === "24h" ? ("bars" as const) : ("line" as const),
      },
    ],
    [hours, span, t],
  );
  const sum = hours.reduce((all, hour) => all + hour.earned_micros, 0);
  if (sum === 0) {
    return (
      <div className="flex h-50 flex-col justify-center text-center">
        <p className="font-medium">{t("nothingEarned")}</p>
        <p className="text-ink-soft">{t("nothingEarnedText")}</p>
      </div>
    );
  }
  const money = (micros: number) => format.money(micros, currency);
  return (
    <Chart
      label={t("chart", { span: t(`span${span}`), money: money(sum) })}
      times={times}
      series={lines}
      format={money}
      height={HEIGHT}
    />
  );
}
