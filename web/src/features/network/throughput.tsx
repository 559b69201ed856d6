import { Activity } from "lucide-react";
import { useMemo } from "react";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { Chart } from "../../components/chart";
import { EmptyState } from "../../components/empty_state";
import { Skeleton } from "../../components/skeleton";
import { text } from "./messages";
import type { Minute } from "./view";

const HEIGHT = 220;

export function Throughput({ hour }: { hour: readonly Minute[] | undefined }) {
  const t = useText(text);
  const verified = hour?.reduce((sum, minute) => sum + minute.verified, 0) ?? 0;
  const quiet = hour?.every((minute) => minute.verified === 0 && minute.executions === 0);
  return (
    <Card title={t("throughput")} hint={t("throughputHint")} className="lg:col-span-2">
      <div className="flex min-h-60 flex-col justify-center">
        {!hour ? (
          <Skeleton className="h-55 w-full" />
        ) : quiet ? (
          <EmptyState icon={<Activity className="size-5" />} title={t("quiet")}>
            {t("quietHint")}
          </EmptyState>
        ) : (
          <Drawn hour={hour} verified={verified} />
        )}
      </div>
    </Card>
  );
}

function Drawn({ hour, verified }: { hour: readonly Minute[]; verified: number }) {
  const t = useText(text);
  const format = useFormat();
  const times = useMemo(() => hour.map((minute) => minute.at), [hour]);
  const series = useMemo(
    () => [
      { label: t("executions"), values: hour.map((minute) => minute.executions), tone: "faint" as const },
      { label: t("verified"), values: hour.map((minute) => minute.verified) },
    ],
    [hour, t],
  );
  return (
    <Chart
      label={t("throughputLabel", { verified: format.number(verified) })}
      times={times}
      series={series}
      format={format.compact}
      height={HEIGHT}
    />
  );
}
