import type { Pool } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Badge } from "../../components/badge";
import { Card } from "../../components/card";
import { InfoTip } from "../../components/info_tip";
import { Stat, Stats } from "../../components/stat";
import { Notice } from "../new_job/notice";
import { Deeds } from "./deeds";
import { Members } from "./members";
import { text } from "./messages";
import { MoneyCard } from "./money_card";

/** The pool that somebody is in. */
export function Inside({ pool, onKey }: { pool: Pool; onKey: (key: string) => void }) {
  return (
    <div className="flex flex-col gap-4 sm:gap-6">
      <Terms pool={pool} onKey={onKey} />
      {pool.money && <MoneyCard pool={pool} money={pool.money} />}
      <Members pool={pool} />
    </div>
  );
}

function Terms({ pool, onKey }: { pool: Pool; onKey: (key: string) => void }) {
  const t = useText(text);
  const format = useFormat();
  const share = (bps: number) => format.percent(bps / 10_000, 2);
  const { announced } = pool;
  return (
    <Card title={t("terms")} actions={<Badge tone="good">{t(`role_${pool.my_role}`)}</Badge>}>
      <div className="flex flex-col gap-5">
        {announced && (
          <Notice tone="warn">
            {t("announced", {
              when: format.dateTime(announced.at),
              share: share(announced.commission_bps),
              split: t(`split_${announced.split}`),
            })}
          </Notice>
        )}
        <Stats>
          <Stat
            label={t("commission")}
            tip={<InfoTip label={t("commission")}>{t("commissionTip")}</InfoTip>}
            value={share(pool.commission_bps)}
          />
          <Stat
            label={t("rest")}
            tip={<InfoTip label={t("rest")}>{t(`splitHint_${pool.split}`)}</InfoTip>}
            value={t(`splitShort_${pool.split}`)}
          />
          <Stat label={t("members")} value={format.number(pool.members)} />
          <Stat
            label={t("votes")}
            tip={<InfoTip label={t("votes")}>{t("votesTip")}</InfoTip>}
            value={format.number(pool.votes)}
          />
        </Stats>
        <Deeds pool={pool} onKey={onKey} />
      </div>
    </Card>
  );
}
