import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { fundingText } from "./funding_messages";

/** What somebody owes, and what to do about it. */
export function Debt({ micros, currency }: { micros: number; currency: string }) {
  const t = useText(fundingText);
  const format = useFormat();
  return (
    <section className="rounded-lg bg-bad-soft px-4 py-4 sm:px-5">
      <h2 className="font-semibold text-bad">{t("owed", { amount: format.money(micros, currency) })}</h2>
      <p className="mt-1">{t("owedText")}</p>
    </section>
  );
}
