import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { Stat, Stats } from "../../components/stat";
import { text } from "./messages";
import type { View } from "./view";

/** What the network has done so far. */
export function Totals({ view }: { view: View | undefined }) {
  const t = useText(text);
  const format = useFormat();
  const number = (value: number | undefined) => (value === undefined ? undefined : format.number(value));
  return (
    <Card title={t("totals")}>
      <Stats>
        <Stat label={t("totalTasks")} value={number(view?.tasksVerified)} />
        <Stat label={t("totalVotes")} value={number(view?.votes)} />
        <Stat label={t("totalJobs")} value={number(view?.jobs)} />
        <Stat label={t("liveJobs")} value={number(view?.jobsLive)} />
      </Stats>
    </Card>
  );
}
