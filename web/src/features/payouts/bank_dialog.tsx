import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { type PayoutAccountOrder, paymentsOpenAccount } from "../../api";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Input } from "../../components/field";
import { shared } from "../wallet/shared_messages";
import { looksLikeIban, plainIban } from "./iban";
import { ACCOUNTS } from "./keys";
import { text } from "./messages";

const HOLDER_CHARS = 70;
const IBAN_CHARS = 64;

/** A bank account in the SEPA area, which the operator pays to. */
export function BankDialog({ onClose }: { onClose: () => void }) {
  const t = useText(text);
  const s = useText(shared);
  const form = useId();
  const queries = useQueryClient();
  const add = useMutation({
    mutationFn: (order: PayoutAccountOrder) => paymentsOpenAccount({ body: order }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ACCOUNTS });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || add.isPending || onClose()}
      title={t("bank")}
      hint={t("bankHint")}
      actions={
        <>
          <Button onClick={onClose}>{s("cancel")}</Button>
          <Button type="submit" form={form} variant="primary" busy={add.isPending}>
            {t("save")}
          </Button>
        </>
      }
    >
      <BankForm id={form} onOrder={add.mutate} />
      {add.isError && (
        <div className="mt-4">
          <ErrorNotice error={add.error} />
        </div>
      )}
    </Dialog>
  );
}

function BankForm({ id, onOrder }: { id: string; onOrder: (order: PayoutAccountOrder) => void }) {
  const t = useText(text);
  const [faults, setFaults] = useState({ holder: false, iban: false });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const holder = String(entered.get("holder")).trim();
    const iban = plainIban(String(entered.get("iban")));
    const next = { holder: holder === "", iban: !looksLikeIban(iban) };
    setFaults(next);
    if (!next.holder && !next.iban) {
      onOrder({ rail: "manual", country: iban.slice(0, 2), currency: "eur", iban, holder });
    }
  };
  return (
    <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Field label={t("holder")} error={faults.holder ? t("holderMissing") : undefined}>
        <Input name="holder" autoComplete="name" maxLength={HOLDER_CHARS} />
      </Field>
      <Field label={t("iban")} error={faults.iban ? t("ibanMissing") : undefined}>
        <Input name="iban" autoComplete="off" spellCheck={false} maxLength={IBAN_CHARS} className="font-mono" />
      </Field>
    </form>
  );
}
