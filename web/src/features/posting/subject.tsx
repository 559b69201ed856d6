import type { TraceSubject } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { LinkButton } from "../../components/button";
import { Card } from "../../components/card";
import { Money } from "../../components/values";
import { text } from "./messages";

/** The payout or payment that the transaction is a step of. */
export function Subject({ subject }: { subject: TraceSubject }) {
  const t = useText(text);
  const format = useFormat();
  const { kind, id, amount_micros: amount, fee_micros: fee, currency } = subject;
  return (
    <Card title={t(`subject_${kind}`)} hint={format.dateTime(subject.at)}>
      <p className="mb-3">
        <Money exact micros={amount} currency={currency} />
        {fee > 0 && <span className="text-ink-soft"> · {t("subjectFee", { fee: format.exactly(fee, currency) })}</span>}
      </p>
      {kind === "payout" && (
        <LinkButton size="sm" to="/wallet/payouts" search={{ payout: id }}>
          {t("look")}
        </LinkButton>
      )}
      {kind === "funding" && (
        <LinkButton size="sm" to="/wallet" search={{ funding: id }}>
          {t("look")}
        </LinkButton>
      )}
    </Card>
  );
}
