import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { type Pool, type PoolTerms, poolsSetTerms } from "../../api";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { toast } from "../../components/toast";
import { MINE } from "./keys";
import { text } from "./messages";
import { TermsFields, termsOf } from "./terms_fields";

/** Other terms: what helps members is in force at once, the rest a day later. */
export function TermsDialog({ pool, onClose }: { pool: Pool; onClose: () => void }) {
  const t = useText(text);
  const form = useId();
  const queries = useQueryClient();
  const [wrong, setWrong] = useState(false);
  const set = useMutation({
    mutationFn: (terms: PoolTerms) => poolsSetTerms({ path: { pool_id: pool.id }, body: terms }),
    onSuccess: (changed) => {
      queries.setQueryData(MINE, { pool: changed });
      toast(t(changed.announced ? "termsAnnounced" : "termsSet"));
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const terms = termsOf(new FormData(event.currentTarget));
    setWrong(terms === undefined);
    if (terms && !set.isPending) set.mutate(terms);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !set.isPending && onClose()}
      title={t("setTerms")}
      hint={t("setTermsHint")}
      actions={
        <>
          <Button disabled={set.isPending} onClick={onClose}>
            {t("back")}
          </Button>
          <Button type="submit" form={form} variant="primary" busy={set.isPending}>
            {t("save")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="flex flex-col gap-5">
        <TermsFields terms={pool.announced ?? pool} faults={{ commission: wrong }} />
        {set.isError && <ErrorNotice error={set.error} />}
      </form>
    </Dialog>
  );
}
