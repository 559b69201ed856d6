import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  type Balance,
  type PayoutAccount,
  type PayoutPlan,
  type PayoutPlanOrder,
  paymentsPlan,
  paymentsPreview,
  paymentsPutPlan,
} from "../../api";
import { useFormat } from "../../app/format";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Select } from "../../components/field";
import { Skeleton } from "../../components/skeleton";
import { toast } from "../../components/toast";
import { AmountField } from "../wallet/amount_field";
import { type Fault, readAmount, writeAmount } from "../wallet/amounts";
import { PLAN } from "./keys";
import { text } from "./messages";
import { accountName } from "./pay_out_dialog";

const EVERY = ["never", "daily", "weekly", "monthly"] as const;
const MOST = 1e15;

/** When earnings are paid without asking. */
export function Plan({ accounts, balances }: { accounts: readonly PayoutAccount[]; balances: readonly Balance[] }) {
  const t = useText(text);
  const plan = useQuery({ queryKey: PLAN, queryFn: ({ signal }) => paymentsPlan({ signal }) });
  return (
    <Card title={t("plan")} hint={t("planHint")}>
      {plan.isError && <ErrorNotice error={plan.error} onRetry={() => void plan.refetch()} />}
      {plan.isPending && <Skeleton className="h-40" />}
      {plan.data && <PlanForm plan={plan.data} accounts={accounts} balances={balances} />}
    </Card>
  );
}

function PlanForm(props: { plan: PayoutPlan; accounts: readonly PayoutAccount[]; balances: readonly Balance[] }) {
  const { plan, accounts, balances } = props;
  const t = useText(text);
  const comma = useLocale() === "de";
  const [every, setEvery] = useState(plan.every);
  const [accountId, setAccountId] = useState(plan.account_id ?? accounts[0]?.id ?? "");
  const account = accounts.find((one) => one.id === accountId) ?? accounts[0];
  const kept = account?.id === plan.account_id ? writeAmount(plan.threshold_micros, account.currency, comma) : "";
  const [typed, setTyped] = useState<string>();
  const [fault, setFault] = useState<Fault>();
  const save = useSave();
  const hint = useThresholdHint(account, balances);
  if (!account) return null;
  const bounds = { least: 0, most: MOST, step: 1 };
  const amount = typed ?? kept;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const threshold = amount.trim() === "" ? null : readAmount(amount, bounds);
    setFault(typeof threshold === "string" ? threshold : undefined);
    if (typeof threshold === "string") return;
    const order = { every, currency: earnedIn(account, balances), account_id: account.id, threshold_micros: threshold };
    save.mutate(order, { onSuccess: () => setTyped(undefined) });
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Field label={t("every")}>
        <Select value={every} onChange={(event) => setEvery(event.currentTarget.value as PayoutPlan["every"])}>
          {EVERY.map((one) => (
            <option key={one} value={one}>
              {t(`every_${one}`)}
            </option>
          ))}
        </Select>
      </Field>
      {every !== "never" && accounts.length > 1 && (
        <Field label={t("to")}>
          <Select value={account.id} onChange={(event) => setAccountId(event.currentTarget.value)}>
            {accounts.map((one) => (
              <option key={one.id} value={one.id}>
                {accountName(t, one)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {every !== "never" && (
        <AmountField
          label={t("threshold")}
          {...(hint && { hint })}
          currency={account.currency}
          value={amount}
          onChange={setTyped}
          fault={fault}
          bounds={bounds}
        />
      )}
      <NextTime plan={plan} accounts={accounts} />
      {save.isError && <ErrorNotice error={save.error} />}
      <Button type="submit" busy={save.isPending} className="self-start">
        {t("save")}
      </Button>
    </form>
  );
}

/** The earnings that are paid to an account: those in its own currency, else those there are. */
function earnedIn(account: PayoutAccount, balances: readonly Balance[]): string {
  const earned = balances.filter((has) => has.earnings_micros > 0).map((has) => has.currency);
  return earned.includes(account.currency) ? account.currency : (earned[0] ?? account.currency);
}

/** From which amount on the fee is small. */
function useThresholdHint(account: PayoutAccount | undefined, balances: readonly Balance[]): string | undefined {
  const t = useText(text);
  const format = useFormat();
  const { data } = useQuery({
    queryKey: ["wallet", "suggested", account?.id],
    enabled: account !== undefined,
    queryFn: ({ signal }) => {
      const query = { account_id: account?.id ?? "", currency: account ? earnedIn(account, balances) : "" };
      return paymentsPreview({ query, signal });
    },
  });
  if (!data) return undefined;
  if (data.suggested_threshold_micros === 0) return t("thresholdFree");
  return t("thresholdHint", { amount: format.money(data.suggested_threshold_micros, data.currency) });
}

function useSave() {
  const t = useText(text);
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (order: PayoutPlanOrder) => paymentsPutPlan({ body: order }),
    onSuccess: (plan) => {
      queries.setQueryData(PLAN, plan);
      toast(t("planSaved"));
    },
  });
}

/** The plan as it is kept: its next day, and what a payout of just the threshold would cost. */
function NextTime({ plan, accounts }: { plan: PayoutPlan; accounts: readonly PayoutAccount[] }) {
  const t = useText(text);
  const format = useFormat();
  const account = accounts.find((one) => one.id === plan.account_id);
  if (plan.every === "never" || !plan.next_on || !account) return <p className="text-ink-soft">{t("planNone")}</p>;
  return (
    <p className="text-ink-soft">
      {t("next", { day: format.day(plan.next_on) })}{" "}
      {plan.threshold_fee_micros > 0 &&
        t("thresholdFee", { fee: format.money(plan.threshold_fee_micros, account.currency) })}
    </p>
  );
}
