import type { Node } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { InfoTip } from "../../components/info_tip";
import { Stat, Stats } from "../../components/stat";
import { Money } from "../../components/values";
import { text } from "./messages";
import { totalsOf } from "./state";

/** What all nodes come to. */
export function TotalsCard({ nodes }: { nodes: readonly Node[] | undefined }) {
  const t = useText(text);
  const format = useFormat();
  const all = nodes && totalsOf(nodes);
  const tip = <InfoTip label={t("statPaid")}>{t("statPaidTip")}</InfoTip>;
  return (
    <Card>
      <Stats>
        <Stat label={t("statOnline")} value={all && t("statOnlineValue", { online: all.online, kept: all.kept })} />
        <Stat label={t("statCores")} value={all && format.number(all.cores)} />
        <Stat
          label={t("statPaid")}
          tip={tip}
          value={all && format.number(all.paid)}
          hint={all ? t("statPaidHint", { rejected: all.rejected }) : "…"}
        />
        <Stat
          label={t("statEarned")}
          value={all && <Money micros={all.earnedMicros} />}
          hint={all ? t("statEarnedHint", { money: format.money(all.earnedTodayMicros) }) : "…"}
        />
      </Stats>
    </Card>
  );
}
