import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useRef, useState } from "react";
import { type BatchView, operatorConfirm, type Rejected } from "../../api";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Input } from "../../components/field";
import { Skeleton } from "../../components/skeleton";
import { toast } from "../../components/toast";
import type { BankTransfer } from "./bank_file";
import { OPERATOR } from "./keys";
import { text } from "./messages";
import { TransferLine } from "./transfer_line";
import { useTransfers } from "./use_file";

const REASON_CHARS = 300;

/** What the bank did with a file: all of it, or all but what is marked here. It is said once for the whole file. */
export function SettleBatch({ batch, onClose }: { batch: BatchView; onClose: () => void }) {
  const t = useText(text);
  const form = useId();
  const queries = useQueryClient();
  const transfers = useTransfers(batch);
  const sent = useRef(false);
  const [reasons, setReasons] = useState<ReadonlyMap<string, string>>(new Map());
  const [asked, setAsked] = useState(false);
  const settle = useMutation({
    mutationFn: (rejected: Rejected[]) => operatorConfirm({ path: { batch_id: batch.id }, body: { rejected } }),
    onSuccess: (_, rejected) => {
      toast(t("settled", { paid: batch.payouts - rejected.length, rejected: rejected.length }));
      onClose();
    },
    onError: () => {
      sent.current = false;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: OPERATOR }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setAsked(true);
    const rejected = [...reasons].map(([payout_id, reason]) => ({ payout_id, reason: reason.trim() }));
    if (sent.current || rejected.some(({ reason }) => reason === "")) return;
    sent.current = true;
    settle.mutate(rejected);
  };
  const change = (id: string, reason: string | undefined) => {
    const next = new Map(reasons);
    if (reason === undefined) next.delete(id);
    else next.set(id, reason);
    setReasons(next);
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && !settle.isPending && onClose()}
      title={t("settleTitle")}
      hint={t("settleHint")}
      actions={
        <>
          <Button disabled={settle.isPending} onClick={onClose}>
            {t("back")}
          </Button>
          <Button type="submit" form={form} variant="primary" disabled={!transfers.data} busy={settle.isPending}>
            {t("settleConfirm", { paid: batch.payouts - reasons.size, rejected: reasons.size })}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="flex flex-col gap-4">
        {transfers.isError && <ErrorNotice error={transfers.error} onRetry={() => void transfers.refetch()} />}
        {transfers.isPending && <Skeleton className="h-24" />}
        {transfers.data && (
          <ul aria-label={t("transfers")} className="divide-y divide-line rounded-md border border-line">
            {transfers.data.map((transfer) => (
              <Outcome
                key={transfer.payoutId}
                transfer={transfer}
                reason={reasons.get(transfer.payoutId)}
                asked={asked}
                onChange={(reason) => change(transfer.payoutId, reason)}
              />
            ))}
          </ul>
        )}
        {settle.isError && <ErrorNotice error={settle.error} />}
      </form>
    </Dialog>
  );
}

/** `reason` undefined: the bank paid it. */
function Outcome(props: {
  transfer: BankTransfer;
  reason: string | undefined;
  asked: boolean;
  onChange: (reason: string | undefined) => void;
}) {
  const t = useText(text);
  const { transfer, reason, asked, onChange } = props;
  const rejected = reason !== undefined;
  return (
    <li className="flex flex-col gap-3 px-4 py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <TransferLine transfer={transfer} />
        <label className="flex cursor-pointer items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={rejected}
            onChange={(event) => onChange(event.currentTarget.checked ? "" : undefined)}
            className="size-4 accent-accent"
          />
          {t("rejected")}
          <span className="sr-only">: {transfer.name}</span>
        </label>
      </div>
      {rejected && (
        <Field
          label={t("reasonOf", { name: transfer.name })}
          hint={t("reasonHint")}
          error={asked && reason.trim() === "" ? t("reasonMissing") : undefined}
        >
          <Input
            value={reason}
            maxLength={REASON_CHARS}
            autoComplete="off"
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        </Field>
      )}
    </li>
  );
}
