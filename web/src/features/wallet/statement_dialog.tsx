import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type PaymentsStatementData, paymentsStatement } from "../../api";
import { useFormat } from "../../app/format";
import { useNow } from "../../app/now";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Select } from "../../components/field";
import { saveFile } from "../job/download";
import { lastMonths } from "./months";
import { shared } from "./shared_messages";
import { statementText } from "./statement_messages";

const MONTHS = 24;
const FORMATS = ["csv", "pdf"] as const;
type Wanted = PaymentsStatementData["query"];

/** A month of an account as a file. */
export function StatementDialog(props: { currency: string; currencies: readonly string[] }) {
  const t = useText(statementText);
  const s = useText(shared);
  const format = useFormat();
  const months = lastMonths(useNow(), MONTHS);
  const [open, setOpen] = useState(true);
  const [account, setAccount] = useState<Wanted["account"]>("earnings");
  const [currency, setCurrency] = useState(props.currency);
  const [month, setMonth] = useState(months[0] ?? "");
  const save = useMutation({ mutationFn: saveStatement });
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={t("title")}
      hint={t("hint")}
      actions={FORMATS.map((kind) => (
        <Button
          key={kind}
          variant={kind === "pdf" ? "primary" : "secondary"}
          busy={save.isPending && save.variables.format === kind}
          onClick={() => save.mutate({ account, currency, month, format: kind })}
        >
          {t(kind)}
        </Button>
      ))}
    >
      <div className="flex flex-col gap-5">
        <Field label={t("account")}>
          <Select value={account} onChange={(event) => setAccount(event.currentTarget.value as Wanted["account"])}>
            <option value="earnings">{t("account_earnings")}</option>
            <option value="wallet">{t("account_wallet")}</option>
          </Select>
        </Field>
        <Field label={s("currency")}>
          <Select value={currency} onChange={(event) => setCurrency(event.currentTarget.value)}>
            {props.currencies.map((code) => (
              <option key={code} value={code}>
                {code.toUpperCase()}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("month")}>
          <Select value={month} onChange={(event) => setMonth(event.currentTarget.value)}>
            {months.map((one) => (
              <option key={one} value={one}>
                {format.month(one)}
              </option>
            ))}
          </Select>
        </Field>
        {save.isError && <ErrorNotice error={save.error} />}
      </div>
    </Dialog>
  );
}

async function saveStatement(query: Wanted): Promise<void> {
  const file = (await paymentsStatement({ query, parseAs: "blob" })) as unknown;
  saveFile(file as Blob, `${query.account}-${query.currency}-${query.month}.${query.format}`);
}
