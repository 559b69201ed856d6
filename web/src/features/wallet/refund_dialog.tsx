import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { type Funding, paymentsRefund } from "../../api";
import { useFormat } from "../../app/format";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { toast } from "../../components/toast";
import { AmountField } from "./amount_field";
import { coinOf, type Fault, readAmount, wholeCoins, writeAmount } from "./amounts";
import { fundingText } from "./funding_messages";
import { useOrderKeys } from "./keys";
import { shared } from "./shared_messages";

/** Sends what is unspent of a card payment back. `most`: what may go. */
export function RefundDialog(props: { funding: Funding; most: number; onClose: () => void }) {
  const { funding, most, onClose } = props;
  const t = useText(fundingText);
  const s = useText(shared);
  const format = useFormat();
  const form = useId();
  const { currency } = funding;
  const coin = coinOf(currency);
  const bounds = { least: coin, most: wholeCoins(most, coin), step: coin };
  const comma = useLocale() === "de";
  const [amount, setAmount] = useState(writeAmount(bounds.most, currency, comma));
  const [fault, setFault] = useState<Fault>();
  const refund = useRefund(funding, onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const micros = readAmount(amount, bounds);
    setFault(typeof micros === "number" ? undefined : micros);
    if (typeof micros === "number") refund.mutate(micros);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || refund.isPending || onClose()}
      title={t("refundTitle")}
      hint={t("refundHint")}
      actions={
        <>
          <Button onClick={onClose}>{s("cancel")}</Button>
          <Button type="submit" form={form} variant="primary" busy={refund.isPending}>
            {t("refund")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate>
        <AmountField
          label={s("amount")}
          hint={t("refundAll", { amount: format.money(bounds.most, currency) })}
          currency={currency}
          value={amount}
          onChange={setAmount}
          fault={fault}
          bounds={bounds}
        />
      </form>
      {refund.isError && (
        <div className="mt-4">
          <ErrorNotice error={refund.error} />
        </div>
      )}
    </Dialog>
  );
}

function useRefund(funding: Funding, onDone: () => void) {
  const t = useText(fundingText);
  const format = useFormat();
  const keyOf = useOrderKeys();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (micros: number) => {
      const order = { amount_micros: micros };
      const headers = { "idempotency-key": keyOf(order) };
      return paymentsRefund({ path: { funding_id: funding.id }, body: order, headers });
    },
    onSuccess: (refund) => {
      void queries.invalidateQueries({ queryKey: ["wallet"] });
      toast(t("refundAsked", { amount: format.money(refund.amount_micros, refund.currency) }));
      onDone();
    },
  });
}
