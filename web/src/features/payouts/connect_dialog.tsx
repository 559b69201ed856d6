import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useMemo, useState } from "react";
import { paymentsOpenAccount } from "../../api";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Select } from "../../components/field";
import { countries } from "../contribute/countries";
import { useWays } from "../wallet/fund_dialog";
import { shared } from "../wallet/shared_messages";
import { ACCOUNTS } from "./keys";
import { text } from "./messages";

/** Opens an account at Stripe and goes there; Stripe asks the rest. */
export function ConnectDialog({ onClose }: { onClose: () => void }) {
  const t = useText(text);
  const s = useText(shared);
  const form = useId();
  const queries = useQueryClient();
  const connect = useMutation({
    mutationFn: (place: { country: string; currency: string }) =>
      paymentsOpenAccount({ body: { rail: "stripe", ...place } }),
    onSuccess: ({ url }) => {
      void queries.invalidateQueries({ queryKey: ACCOUNTS });
      if (url) globalThis.location.assign(url);
      else onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || connect.isPending || onClose()}
      title={t("connect")}
      hint={t("connectHint")}
      actions={
        <>
          <Button onClick={onClose}>{s("cancel")}</Button>
          <Button type="submit" form={form} variant="primary" busy={connect.isPending || connect.isSuccess}>
            {t("toStripe")}
          </Button>
        </>
      }
    >
      <Place id={form} onPlace={connect.mutate} />
      {connect.isError && (
        <div className="mt-4">
          <ErrorNotice error={connect.error} />
        </div>
      )}
    </Dialog>
  );
}

function Place({ id, onPlace }: { id: string; onPlace: (place: { country: string; currency: string }) => void }) {
  const t = useText(text);
  const locale = useLocale();
  const all = useMemo(() => countries(locale), [locale]);
  const currencies = (useWays() ?? []).filter((way) => way.rail === "stripe").map((way) => way.currency);
  const [missing, setMissing] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const [country, currency] = [String(entered.get("country")), String(entered.get("currency"))];
    setMissing(country === "");
    if (country !== "") onPlace({ country, currency });
  };
  return (
    <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Field label={t("country")} hint={t("countryHint")} error={missing ? t("countryMissing") : undefined}>
        <Select name="country" defaultValue="">
          <option value="" hidden />
          {all.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t("currency")} hint={t("currencyHint")}>
        <Select name="currency">
          {currencies.map((code) => (
            <option key={code} value={code}>
              {code.toUpperCase()}
            </option>
          ))}
        </Select>
      </Field>
    </form>
  );
}
