import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useRef, useState } from "react";
import { operatorExport } from "../../api";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Input } from "../../components/field";
import { toast } from "../../components/toast";
import { freshNonce } from "../new_job/drafts";
import { OPERATOR } from "./keys";
import { text } from "./messages";

/** Everything that waits for a bank transfer becomes one file. One key for each opened window: one file. */
export function MakeBatch({ onClose }: { onClose: () => void }) {
  const t = useText(text);
  const form = useId();
  const queries = useQueryClient();
  const [key] = useState(freshNonce);
  const sent = useRef(false);
  const make = useMutation({
    mutationFn: (day: string) =>
      operatorExport({ body: { ...(day && { execution_date: day }) }, headers: { "idempotency-key": key } }),
    onSuccess: ({ batch, refused }) => {
      if (batch) toast(t("batchMade", { count: batch.payouts }));
      if (refused > 0) toast(t("batchRefused", { count: refused }), { tone: "bad", stays: true });
      onClose();
    },
    onError: () => {
      sent.current = false;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: OPERATOR }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (sent.current) return;
    sent.current = true;
    make.mutate(String(new FormData(event.currentTarget).get("day")));
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !make.isPending && onClose()}
      title={t("makeBatch")}
      hint={t("makeBatchHint")}
      actions={
        <>
          <Button disabled={make.isPending} onClick={onClose}>
            {t("back")}
          </Button>
          <Button type="submit" form={form} variant="primary" busy={make.isPending}>
            {t("make")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field label={t("day")} hint={t("dayHint")}>
          <Input name="day" type="date" />
        </Field>
        {make.isError && <ErrorNotice error={make.error} />}
      </form>
    </Dialog>
  );
}
