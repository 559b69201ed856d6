import { useQuery } from "@tanstack/react-query";
import { Gauge } from "lucide-react";
import { useId, useState, useSyncExternalStore } from "react";
import { networkNetwork } from "../../api";
import { useFormat } from "../../app/format";
import { useLocale } from "../../app/locale";
import { Stored } from "../../app/stored";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Input } from "../../components/field";
import { Progress } from "../../components/progress";
import { SkeletonText } from "../../components/skeleton";
import { Ago } from "../../components/values";
import type { Rules } from "../../node/tab";
import { useCurrency } from "./currency";
import type { Device } from "./device";
import { amountText, estimate, parseAmount, parsePower } from "./estimate";
import { MEASURE_S, type Measured, type Measurement } from "./measurement";
import { hoursADay } from "./presets";
import { rulesWords } from "./rules_words";

const REFRESH_MS = 60_000;
const MICROS = 1_000_000;
const PERIODS = ["hour", "day"];
const power = new Stored("we1web.power", parsePower);

/** How fast this device is, and what that is worth here. */
export function EstimateCard({ device, measurement }: { device: Device; measurement: Measurement }) {
  const t = useText(rulesWords);
  return (
    <Card title={t("earn")} hint={t("earnHint")}>
      <div className="flex flex-col gap-6">
        <Worth rules={device.view.rules} />
        <PowerFields />
        <Speed device={device} measurement={measurement} />
      </div>
    </Card>
  );
}

function Worth({ rules }: { rules: Rules }) {
  const t = useText(rulesWords);
  const format = useFormat();
  const currency = useCurrency();
  const network = useQuery({
    queryKey: ["network"],
    queryFn: ({ signal }) => networkNetwork({ signal }),
    refetchInterval: REFRESH_MS,
  });
  if (network.isError) return <ErrorNotice error={network.error} onRetry={() => void network.refetch()} />;
  if (network.data === undefined) return <SkeletonText lines={4} />;
  const price = network.data.earned_micros_per_core_hour;
  if (!price) return <p className="text-ink-soft">{t("noHistory")}</p>;
  return (
    <div>
      <p className="font-semibold text-lg tabular-nums">{t("price", { amount: format.money(price, currency) })}</p>
      <p className="text-ink-faint">{t("priceSay")}</p>
      <WorthTable price={price} rules={rules} />
      <p className="mt-2 text-ink-faint text-xs">{t("basis", { cores: rules.cores })}</p>
    </div>
  );
}

function WorthTable({ price, rules }: { price: number; rules: Rules }) {
  const t = useText(rulesWords);
  const format = useFormat();
  const currency = useCurrency();
  const costs = useSyncExternalStore(power.subscribe, power.get);
  const hours = hoursADay(rules.hours);
  const columns = [1, hours].map((span) => estimate(price, rules.cores, span, costs));
  const counted = costs.watts > 0 && costs.microsPerKwh > 0;
  const row = (label: string, value: (column: (typeof columns)[number]) => string, strong = false) => (
    <tr className={strong ? "font-semibold text-ink" : "text-ink-soft"}>
      <th scope="row" className="py-1.5 text-left font-[inherit]">
        {label}
      </th>
      {columns.map((column, place) => (
        <td key={PERIODS[place]} className="py-1.5 text-right tabular-nums">
          {value(column)}
        </td>
      ))}
    </tr>
  );
  return (
    <table className="mt-3 w-full">
      <thead>
        <tr className="border-line border-b text-ink-faint text-xs">
          <td />
          <th scope="col" className="pb-1.5 text-right font-medium">
            {t("perHour")}
          </th>
          <th scope="col" className="pb-1.5 text-right font-medium">
            {t("perDay", { hours })}
          </th>
        </tr>
      </thead>
      <tbody>
        {row(t("earned"), ({ earnedMicros }) => format.money(earnedMicros, currency), !counted)}
        {counted && row(t("electricity"), ({ electricityMicros }) => format.money(-electricityMicros, currency))}
        {counted && row(t("left"), ({ leftMicros }) => format.money(leftMicros, currency), true)}
      </tbody>
    </table>
  );
}

function PowerFields() {
  const t = useText(rulesWords);
  const { watts, microsPerKwh } = useSyncExternalStore(power.subscribe, power.get);
  const keep = (part: { watts?: number; microsPerKwh?: number }) =>
    power.set(JSON.stringify({ watts, microsPerKwh, ...part }));
  const hint = useId();
  return (
    <div>
      <div className="grid grid-cols-2 items-start gap-4">
        <Amount label={t("watts")} value={watts} describedBy={hint} onChange={(value) => keep({ watts: value })} />
        <Amount
          label={t("kwh")}
          value={microsPerKwh / MICROS}
          describedBy={hint}
          onChange={(value) => keep({ microsPerKwh: Math.round(value * MICROS) })}
        />
      </div>
      <p id={hint} className="mt-1.5 text-ink-faint text-xs">
        {t("powerHint")}
      </p>
    </div>
  );
}

function Amount(props: { label: string; value: number; describedBy: string; onChange: (value: number) => void }) {
  const { label, value, describedBy, onChange } = props;
  const t = useText(rulesWords);
  const locale = useLocale();
  const [typed, type] = useState(() => amountText(value, locale));
  const wrong = parseAmount(typed) === undefined;
  const change = (text: string) => {
    type(text);
    const amount = parseAmount(text);
    if (amount !== undefined) onChange(amount);
  };
  return (
    <Field label={label} error={wrong ? t("notANumber") : undefined}>
      <Input
        inputMode="decimal"
        autoComplete="off"
        aria-describedby={describedBy}
        value={typed}
        onChange={(event) => change(event.target.value)}
      />
    </Field>
  );
}

function Speed({ device, measurement }: { device: Device; measurement: Measurement }) {
  const t = useText(rulesWords);
  const { last, share, failed, start, cancel } = measurement;
  const { cores } = device.view.rules;
  const active = ["working", "waiting", "paused", "connecting"].includes(device.state);
  const busy = ["starting", "stopping", "elsewhere"].includes(device.state);
  return (
    <div className="border-line border-t pt-5">
      {last && <LastSpeed last={last} />}
      {share === undefined ? (
        <>
          <p className="text-ink-faint">
            {t("measureSay")} {active && t("measurePauses")}
          </p>
          <Button className="mt-3" disabled={busy} icon={<Gauge aria-hidden className="size-4" />} onClick={start}>
            {t(last ? "again" : "measure")}
          </Button>
        </>
      ) : (
        <div className="flex flex-col gap-3">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <p className="font-medium">{t("measuring", { cores })}</p>
            <p className="text-ink-faint tabular-nums">
              {t("secondsLeft", { seconds: Math.ceil((1 - share) * MEASURE_S) })}
            </p>
          </div>
          <Progress value={share} label={t("measuring", { cores })} />
          <Button className="self-start" onClick={cancel}>
            {t("cancel")}
          </Button>
        </div>
      )}
      {failed && (
        <p role="alert" className="mt-3 text-bad">
          {t("measureFailed")}
        </p>
      )}
    </div>
  );
}

function LastSpeed({ last: { speed, cores, at } }: { last: Measured }) {
  const t = useText(rulesWords);
  const format = useFormat();
  const billions = (millions: number) => format.number(millions / 1_000, 2);
  return (
    <div className="mb-4">
      <p className="font-semibold text-lg tabular-nums">{t("speed", { speed: billions(speed * cores) })}</p>
      <p className="text-ink-soft">{t("speedCores", { cores, each: billions(speed) })}</p>
      <p className="text-ink-faint text-xs">{t.rich("measuredAt", { when: <Ago key="when" at={at} /> })}</p>
    </div>
  );
}
