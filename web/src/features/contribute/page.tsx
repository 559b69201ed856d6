import { useSession } from "../../app/session";
import { useText } from "../../app/text";
import { ErrorNotice } from "../../components/error_notice";
import { PageHeader } from "../../components/page_header";
import { Skeleton } from "../../components/skeleton";
import type { Device } from "./device";
import { EarningsCard } from "./earnings_card";
import { EstimateCard } from "./estimate_card";
import { LogCard } from "./log_card";
import { useMeasurement } from "./measurement";
import { text } from "./messages";
import { retry, useDevice } from "./node";
import { RulesCard } from "./rules_card";
import { RunningCard } from "./running_card";
import { StateCard } from "./state_card";
import { Welcome } from "./welcome";

export function Page() {
  const t = useText(text);
  const known = useSession();
  return (
    <>
      <PageHeader title={t("title")}>{t("lead")}</PageHeader>
      {known ? <ThisDevice /> : <Welcome />}
    </>
  );
}

function ThisDevice() {
  const { device, error } = useDevice();
  if (error !== undefined) return <ErrorNotice error={error} onRetry={retry} />;
  return device ? <Board device={device} /> : <Skeleton className="h-64 w-full rounded-lg" />;
}

function Board({ device }: { device: Device }) {
  const measurement = useMeasurement(device);
  const resting = measurement.share !== undefined && device.state !== "idle";
  return (
    <>
      <StateCard device={device} resting={resting} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] lg:gap-6">
        <div className="flex min-w-0 flex-col gap-4 lg:gap-6">
          <RunningCard device={device} />
          <EarningsCard />
        </div>
        <div className="flex min-w-0 flex-col gap-4 lg:gap-6">
          <RulesCard device={device} />
          <EstimateCard device={device} measurement={measurement} />
        </div>
        <div className="min-w-0 lg:col-span-2">
          <LogCard log={device.view.log} />
        </div>
      </div>
    </>
  );
}
