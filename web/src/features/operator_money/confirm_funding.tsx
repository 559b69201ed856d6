import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useRef, useState } from "react";
import { type OperatorFunding, paymentsConfirm } from "../../api";
import { useFormat } from "../../app/format";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Input } from "../../components/field";
import { toast } from "../../components/toast";
import { amountOf, microsOf } from "../new_job/amounts";
import { freshNonce } from "../new_job/drafts";
import { OPERATOR } from "./keys";
import { text } from "./messages";

const MEMO_CHARS = 100;

/** What the bank received goes into the payer's wallet. One key for each opened window: sent twice, it counts once. */
export function ConfirmFunding({ funding, onClose }: { funding: OperatorFunding; onClose: () => void }) {
  const t = useText(text);
  const format = useFormat();
  const comma = useLocale() === "de";
  const form = useId();
  const queries = useQueryClient();
  const [key] = useState(freshNonce);
  const sent = useRef(false);
  const [wrong, setWrong] = useState(false);
  const { currency, reference } = funding;
  const confirm = useMutation({
    mutationFn: (said: { amount_micros: number; memo: string }) =>
      paymentsConfirm({
        path: { funding_id: funding.id },
        body: { currency, ...said },
        headers: { "idempotency-key": key },
      }),
    onSuccess: ({ amount_micros }) => {
      toast(t("confirmed", { amount: format.money(amount_micros, currency), reference }));
      onClose();
    },
    onError: () => {
      sent.current = false;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: OPERATOR }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = new FormData(event.currentTarget);
    const micros = microsOf(String(said.get("amount")));
    setWrong(!micros);
    if (!micros || sent.current) return;
    sent.current = true;
    confirm.mutate({ amount_micros: micros, memo: String(said.get("memo")).trim() });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !confirm.isPending && onClose()}
      title={t("confirmTitle", { reference })}
      hint={t("confirmHint", { email: funding.email ?? t("accountGone") })}
      actions={
        <>
          <Button disabled={confirm.isPending} onClick={onClose}>
            {t("back")}
          </Button>
          <Button type="submit" form={form} variant="primary" busy={confirm.isPending}>
            {t("credit")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="flex flex-col gap-5">
        <Field
          label={t("received", { currency: currency.toUpperCase() })}
          hint={t("receivedHint")}
          error={wrong ? t("badAmount") : undefined}
        >
          <Input
            name="amount"
            inputMode="decimal"
            autoComplete="off"
            defaultValue={amountOf(funding.amount_micros, comma)}
            className="tabular-nums"
          />
        </Field>
        <Field label={t("memo")} hint={t("memoHint")}>
          <Input name="memo" maxLength={MEMO_CHARS} autoComplete="off" />
        </Field>
        {confirm.isError && <ErrorNotice error={confirm.error} />}
      </form>
    </Dialog>
  );
}
