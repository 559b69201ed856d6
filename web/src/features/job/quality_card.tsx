import type { Job } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { InfoTip } from "../../components/info_tip";
import { Stat, Stats } from "../../components/stat";
import { small } from "./figures";
import { text } from "./messages";

/** How sure the results are. */
export function QualityCard({ job }: { job: Job }) {
  const t = useText(text);
  const format = useFormat();
  const worst = job.worst_case_wrong;
  return (
    <Card title={t("quality")}>
      <Stats>
        <Stat large label={t("redundancy")} value={job.redundancy === null ? "–" : format.number(job.redundancy, 2)} />
        <Stat
          large
          label={t("expectedWrong")}
          tip={<InfoTip>{t("expectedWrongTip")}</InfoTip>}
          value={small(format, job.expected_wrong)}
        />
      </Stats>
      <div className="mt-5">
        <Stats>
          <Stat
            label={t("worstCase")}
            tip={<InfoTip>{t("worstCaseTip")}</InfoTip>}
            value={worst === null ? t("worstCaseUnknown") : small(format, worst)}
          />
          <Stat label={t("singles")} value={format.number(job.singles)} />
          <Stat
            label={t("referee")}
            tip={<InfoTip>{t("refereeTip")}</InfoTip>}
            value={format.number(job.referee_runs)}
          />
        </Stats>
      </div>
    </Card>
  );
}
