import { useState } from "react";
import type { Pool, PoolMoney } from "../../api";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { InfoTip } from "../../components/info_tip";
import { Stat, Stats } from "../../components/stat";
import { Money } from "../../components/values";
import { text } from "./messages";
import { may } from "./rights";
import { Withdraw } from "./withdraw";

const FIGURES = ["earned", "commission", "pooled", "pot", "treasury"] as const;

/** What the pool earned and holds, in every currency. Its owner and managers see it. */
export function MoneyCard({ pool, money }: { pool: Pool; money: readonly PoolMoney[] }) {
  const t = useText(text);
  const [taking, setTaking] = useState<PoolMoney>();
  return (
    <Card title={t("money")} hint={t("moneyHint")}>
      {money.length === 0 && <p className="text-ink-soft">{t("noMoney")}</p>}
      <div className="flex flex-col gap-6">
        {money.map((one) => (
          <div key={one.currency} className="flex flex-col gap-4">
            <Stats>
              {FIGURES.map((figure) => (
                <Stat
                  key={figure}
                  label={t(`money_${figure}`)}
                  tip={<InfoTip label={t(`money_${figure}`)}>{t(`moneyTip_${figure}`)}</InfoTip>}
                  value={<Money micros={one[`${figure}_micros`]} currency={one.currency} />}
                />
              ))}
            </Stats>
            {may(pool.my_role, "withdraw") && one.treasury_micros > 0 && (
              <Button size="sm" className="self-start" onClick={() => setTaking(one)}>
                {t("withdrawIn", { currency: one.currency.toUpperCase() })}
              </Button>
            )}
          </div>
        ))}
      </div>
      {taking && <Withdraw pool={pool} money={taking} onClose={() => setTaking(undefined)} />}
    </Card>
  );
}
