import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useRef, useState } from "react";
import { type BatchView, operatorGiveBack } from "../../api";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Input } from "../../components/field";
import { Skeleton } from "../../components/skeleton";
import { toast } from "../../components/toast";
import { OPERATOR } from "./keys";
import { text } from "./messages";
import { TransferLine } from "./transfer_line";
import { useTransfers } from "./use_file";

const REASON_CHARS = 300;

/** A transfer that the bank had paid is in our bank account again: it goes back into its owner's earnings. */
export function CameBack({ batch, onClose }: { batch: BatchView; onClose: () => void }) {
  const t = useText(text);
  const form = useId();
  const queries = useQueryClient();
  const transfers = useTransfers(batch);
  const sent = useRef(false);
  const [faults, setFaults] = useState({ payout: false, reason: false });
  const giveBack = useMutation({
    mutationFn: ({ payout, reason }: { payout: string; reason: string }) =>
      operatorGiveBack({ path: { payout_id: payout }, body: { reason } }),
    onSuccess: () => {
      toast(t("gaveBack"));
      onClose();
    },
    onError: () => {
      sent.current = false;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: OPERATOR }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const said = { payout: String(entered.get("payout") ?? ""), reason: String(entered.get("reason")).trim() };
    setFaults({ payout: said.payout === "", reason: said.reason === "" });
    if (said.payout === "" || said.reason === "" || sent.current) return;
    sent.current = true;
    giveBack.mutate(said);
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && !giveBack.isPending && onClose()}
      title={t("cameBack")}
      hint={t("cameBackHint")}
      actions={
        <>
          <Button disabled={giveBack.isPending} onClick={onClose}>
            {t("back")}
          </Button>
          <Button type="submit" form={form} variant="primary" disabled={!transfers.data} busy={giveBack.isPending}>
            {t("giveBack")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="flex flex-col gap-4">
        {transfers.isError && <ErrorNotice error={transfers.error} onRetry={() => void transfers.refetch()} />}
        {transfers.isPending && <Skeleton className="h-24" />}
        {transfers.data && (
          <fieldset className="rounded-md border border-line">
            <legend className="sr-only">{t("transfers")}</legend>
            {transfers.data.map((transfer) => (
              <label
                key={transfer.payoutId}
                className="flex cursor-pointer items-start gap-3 border-line border-b px-4 py-3 last:border-0 has-checked:bg-accent-soft/40"
              >
                <input
                  type="radio"
                  name="payout"
                  value={transfer.payoutId}
                  className="mt-1 size-4 shrink-0 accent-accent"
                />
                <TransferLine transfer={transfer} />
              </label>
            ))}
          </fieldset>
        )}
        {faults.payout && (
          <p role="alert" className="text-bad text-sm">
            {t("payoutMissing")}
          </p>
        )}
        <Field label={t("reason")} hint={t("reasonHint")} error={faults.reason ? t("reasonMissing") : undefined}>
          <Input name="reason" maxLength={REASON_CHARS} autoComplete="off" />
        </Field>
        {giveBack.isError && <ErrorNotice error={giveBack.error} />}
      </form>
    </Dialog>
  );
}
