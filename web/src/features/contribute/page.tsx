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

/** Beside each other where there is room; else one list, which the log ends. */
const COLUMN = "contents min-w-0 flex-col lg:flex lg:gap-6";

function Board({ device }: { device: Device }) {
  const measurement = useMeasurement(device);
  const resting = measurement.share !== undefined && device.state !== "idle";
  return (
    <>
      <StateCard device={device} resting={resting} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] lg:gap-6">
        <div className={COLUMN}>
          <RunningCard device={device} />
          <EarningsCard />
          <LogCard log={device.view.log} className="max-lg:order-last" />
        </div>
        <div className={COLUMN}>
          <RulesCard device={device} />
          <EstimateCard device={device} measurement={measurement} />
        </div>
      </div>
    </>
  );
}
