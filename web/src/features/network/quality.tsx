import type { ReactNode } from "react";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { InfoTip } from "../../components/info_tip";
import { Stat } from "../../components/stat";
import { Duration } from "../../components/values";
import { Unknown } from "./headline";
import { text } from "./messages";
import type { View } from "./view";

/** How far the answers can be trusted, and how long one waits for them. */
export function Quality({ view }: { view: View | undefined }) {
  const t = useText(text);
  const format = useFormat();
  const shown = <T,>(value: T | undefined, show: (value: T) => ReactNode, none: string) =>
    view && (value === undefined ? <Unknown>{none}</Unknown> : show(value));
  return (
    <Card title={t("quality")} hint={t("qualityHint")}>
      <dl className="flex flex-col gap-6">
        <Stat
          label={t("agreement")}
          tip={<InfoTip label={t("agreement")}>{t("agreementTip")}</InfoTip>}
          value={shown(view?.agreement, (share) => format.percent(share, 1), t("noData"))}
        />
        <Stat
          label={t("redundancy")}
          tip={<InfoTip label={t("redundancy")}>{t("redundancyTip")}</InfoTip>}
          value={shown(view?.redundancy, (times) => format.number(times, 2), t("noData"))}
        />
        <Stat
          label={t("queueAge")}
          tip={<InfoTip label={t("queueAge")}>{t("queueAgeTip")}</InfoTip>}
          value={shown(view?.queueAgeS, (seconds) => <Duration seconds={seconds} />, t("queueEmpty"))}
        />
      </dl>
    </Card>
  );
}
