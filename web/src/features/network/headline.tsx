import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { InfoTip } from "../../components/info_tip";
import { Stat, Stats } from "../../components/stat";
import { Money } from "../../components/values";
import { text } from "./messages";
import type { View } from "./view";

/** Keeps the line. */
const NOTHING = "\u00a0";

/** How large the network is and what it does, in five numbers. */
export function Headline({ view }: { view: View | undefined }) {
  const t = useText(text);
  const format = useFormat();
  const number = (value: number | undefined) => (value === undefined ? undefined : format.number(value));
  const price =
    view && (view.micros === undefined ? <Unknown>{t("noPrice")}</Unknown> : <Money micros={view.micros} />);
  return (
    <Card>
      <Stats>
        <Stat
          label={t("nodes")}
          value={number(view?.nodes)}
          hint={view ? t("nodesHint", { count: view.nodesEver }) : NOTHING}
          large
        />
        <Stat label={t("cores")} value={number(view?.cores)} hint={t("coresHint")} large />
        <Stat label={t("countries")} value={number(view?.countries)} hint={t("countriesHint")} large />
        <Stat
          label={t("rate")}
          value={view && format.number(view.rate, view.rate < 100 ? 1 : 0)}
          hint={t("rateHint")}
          large
        />
        <Stat
          label={t("price")}
          tip={<InfoTip label={t("price")}>{t("priceTip")}</InfoTip>}
          value={price}
          hint={t(view && view.micros === undefined ? "noPriceHint" : "priceHint")}
          large
        />
      </Stats>
    </Card>
  );
}

export function Unknown({ children }: { children: string }) {
  return <span className="text-ink-faint text-xl">{children}</span>;
}
