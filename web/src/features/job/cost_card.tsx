import type { Job } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { InfoTip } from "../../components/info_tip";
import { Progress } from "../../components/progress";
import { Stat, Stats } from "../../components/stat";
import { endedTasks, heldMicros } from "../jobs/job";
import { text } from "./messages";

/** What the job has cost, and what it may cost still. */
export function CostCard({ job }: { job: Job }) {
  const t = useText(text);
  const format = useFormat();
  const money = (micros: number) => format.money(micros, job.currency);
  const ended = endedTasks(job);
  const share = job.budget_micros > 0 ? job.spent_micros / job.budget_micros : 0;
  return (
    <Card title={t("cost")}>
      <div className="mb-5 flex flex-col gap-2">
        <div className="flex items-baseline justify-between gap-4">
          <span className="font-semibold text-2xl tabular-nums tracking-tight">{money(job.spent_micros)}</span>
          <span className="text-ink-faint text-sm tabular-nums">
            {t("ofBudget", { share: format.percent(share, 1) })}
          </span>
        </div>
        <Progress value={share} label={t("spent")} />
      </div>
      <Stats>
        <Stat label={t("budget")} value={money(job.budget_micros)} />
        <Stat label={t("held")} tip={<InfoTip>{t("heldTip")}</InfoTip>} value={money(heldMicros(job))} />
        <Stat label={t("price")} value={money(job.price_micros)} />
        {job.bonus_micros > 0 && job.bonus_within_s !== null && (
          <Stat
            label={t("bonus")}
            tip={<InfoTip>{t("bonusTip")}</InfoTip>}
            value={money(job.bonus_micros)}
            hint={t("bonusWithin", { time: format.duration(job.bonus_within_s) })}
          />
        )}
        <Stat
          label={t("perResult")}
          tip={<InfoTip>{t("perResultTip")}</InfoTip>}
          value={ended > 0 ? money(Math.round(job.spent_micros / ended)) : "–"}
        />
      </Stats>
    </Card>
  );
}
