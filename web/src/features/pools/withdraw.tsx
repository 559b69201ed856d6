import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useRef, useState } from "react";
import { type Pool, type PoolMoney, poolsWithdraw, type Withdrawal } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { toast } from "../../components/toast";
import { freshNonce } from "../new_job/drafts";
import { AmountField } from "../wallet/amount_field";
import { type Fault, readAmount } from "../wallet/amounts";
import { shared } from "../wallet/shared_messages";
import { POOLS } from "./keys";
import { text } from "./messages";

/** From the treasury into the owner's earnings. One key for each opened window: sent twice, it counts once. */
export function Withdraw({ pool, money, onClose }: { pool: Pool; money: PoolMoney; onClose: () => void }) {
  const t = useText(text);
  const m = useText(shared);
  const format = useFormat();
  const form = useId();
  const queries = useQueryClient();
  const [key] = useState(freshNonce);
  const sent = useRef(false);
  const [amount, setAmount] = useState("");
  const [fault, setFault] = useState<Fault>();
  const { currency } = money;
  const bounds = { least: 1, most: money.treasury_micros, step: 1 };
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
    const micros = amount.trim() === "" ? undefined : readAmount(amount, bounds);
    setFault(typeof micros === "string" ? micros : undefined);
    if (typeof micros === "string" || sent.current) return;
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
        <AmountField
          label={m("amount")}
          hint={t("amountHint")}
          currency={currency}
          value={amount}
          onChange={setAmount}
          fault={fault}
          bounds={bounds}
        />
        {withdraw.isError && <ErrorNotice error={withdraw.error} />}
      </form>
    </Dialog>
  );
}
