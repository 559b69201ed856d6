import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useRef, useState } from "react";
import { type Pool, type PoolMoney, poolsWithdraw, type Withdrawal } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Input } from "../../components/field";
import { toast } from "../../components/toast";
import { microsOf } from "../new_job/amounts";
import { freshNonce } from "../new_job/drafts";
import { POOLS } from "./keys";
import { text } from "./messages";

/** From the treasury into the owner's earnings. One key for each opened window: sent twice, it counts once. */
export function Withdraw({ pool, money, onClose }: { pool: Pool; money: PoolMoney; onClose: () => void }) {
  const t = useText(text);
  const format = useFormat();
  const form = useId();
  const queries = useQueryClient();
  const [key] = useState(freshNonce);
  const sent = useRef(false);
  const [wrong, setWrong] = useState(false);
  const { currency } = money;
  const withdraw = useMutation({
    mutationFn: (order: Withdrawal) =>
      poolsWithdraw({ path: { pool_id: pool.id }, body: order, headers: { "idempotency-key": key } }),
    onSuccess: (done) => {
      toast(t("withdrawn", { amount: format.money(done.amount_micros, done.currency) }));
      onClose();
    },
    onError: () => {
      sent.current = false;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: POOLS }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get("amount")).trim();
    const micros = typed === "" ? undefined : microsOf(typed) || Number.NaN;
    setWrong(Number.isNaN(micros));
    if (Number.isNaN(micros) || sent.current) return;
    sent.current = true;
    withdraw.mutate({ currency, ...(micros !== undefined && { amount_micros: micros }) });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !withdraw.isPending && onClose()}
      title={t("withdrawTitle")}
      hint={t("withdrawHint", { amount: format.money(money.treasury_micros, currency) })}
      actions={
        <>
          <Button disabled={withdraw.isPending} onClick={onClose}>
            {t("back")}
          </Button>
          <Button type="submit" form={form} variant="primary" busy={withdraw.isPending}>
            {t("withdraw")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label={t("amountIn", { currency: currency.toUpperCase() })}
          hint={t("amountHint")}
          error={wrong ? t("badAmount") : undefined}
        >
          <Input name="amount" inputMode="decimal" autoComplete="off" className="tabular-nums" />
        </Field>
        {withdraw.isError && <ErrorNotice error={withdraw.error} />}
      </form>
    </Dialog>
  );
}
