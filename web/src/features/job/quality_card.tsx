import type { Job } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { InfoTip } from "../../components/info_tip";
import { Stat, Stats } from "../../components/stat";
import { endedTasks, redundancyOf } from "../jobs/job";
import { chance, small } from "./figures";
import { text } from "./messages";

/** How sure the results are. */
export function QualityCard({ job }: { job: Job }) {
  const t = useText(text);
  const format = useFormat();
  const worst = job.worst_case_wrong;
  const ended = endedTasks(job);
  const share = ended > 0 ? t("ofResults", { share: chance(format, job.expected_wrong / ended) }) : "";
  const runs = redundancyOf(job);
  return (
    <Card title={t("quality")}>
      <Stats>
        <Stat label={t("redundancy")} value={runs === undefined ? "–" : format.number(runs, 2)} />
        <Stat
          label={t("expectedWrong")}
          tip={<InfoTip>{t("expectedWrongTip")}</InfoTip>}
          value={small(format, job.expected_wrong)}
          hint={share}
        />
        <Stat label={t("policy")} value={job.policy} hint={t("comparedBy", { validator: job.validator })} />
        <Stat
          label={t("worstCase")}
          tip={<InfoTip>{t("worstCaseTip")}</InfoTip>}
          value={worst === null ? t("worstCaseUnknown") : small(format, worst)}
        />
        <Stat label={t("singles")} value={format.number(job.singles)} />
        <Stat label={t("referee")} tip={<InfoTip>{t("refereeTip")}</InfoTip>} value={format.number(job.referee_runs)} />
      </Stats>
    </Card>
  );
}
