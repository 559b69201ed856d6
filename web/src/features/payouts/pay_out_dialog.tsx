import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type Balance, type PayoutAccount, type PayoutPreview, paymentsAsk, paymentsPreview } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Choice } from "../../components/choice";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Select } from "../../components/field";
import { Skeleton } from "../../components/skeleton";
import { toast } from "../../components/toast";
import { AmountField } from "../wallet/amount_field";
import { readAmount } from "../wallet/amounts";
import { useOrderKeys } from "../wallet/keys";
import { shared } from "../wallet/shared_messages";
import { MONEY } from "./keys";
import { text } from "./messages";
import { perUnit } from "./rate";

/** Asks how much, shows what it costs and what arrives, and pays out: once, however often it is pressed. */
export function PayOutDialog(props: { accounts: readonly PayoutAccount[]; balances: readonly Balance[] }) {
  const t = useText(text);
  const s = useText(shared);
  const format = useFormat();
  const [open, setOpen] = useState(true);
  const order = useOrder(props.accounts, props.balances);
  const preview = usePreview(order, open);
  const pay = usePay(() => setOpen(false));
  const shown = preview.data;
  const ready = shown && !preview.isPlaceholderData && shown.refusal === "" && order.body;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => pay.isPending || setOpen(next)}
      title={t("payOut")}
      hint={t("payOutHint")}
      actions={
        <>
          <Button onClick={() => setOpen(false)}>{s("cancel")}</Button>
          <Button
            variant="primary"
            disabled={!ready}
            busy={pay.isPending}
            onClick={() => order.body && pay.mutate(order.body)}
          >
            {ready ? t("payOutNow", { amount: format.money(shown.net_micros, shown.currency) }) : t("payOut")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <Form order={order} accounts={props.accounts} balances={props.balances} />
        {preview.isError && <ErrorNotice error={preview.error} />}
        {preview.isPending && order.body && <Skeleton className="h-24" />}
        {shown && order.body && <Preview preview={shown} />}
        {pay.isError && <ErrorNotice error={pay.error} />}
      </div>
    </Dialog>
  );
}

type Order = ReturnType<typeof useOrder>;

function useOrder(accounts: readonly PayoutAccount[], balances: readonly Balance[]) {
  const [accountId, setAccountId] = useState(accounts[0]?.id ?? "");
  const account = accounts.find((one) => one.id === accountId) ?? accounts[0];
  const own = balances.find((has) => has.currency === account?.currency);
  const [wanted, setCurrency] = useState<string>();
  const balance = balances.find((has) => has.currency === wanted) ?? own ?? balances[0];
  const [how, setHow] = useState<"all" | "some">("all");
  const [amount, setAmount] = useState("");
  const currency = balance?.currency ?? "usd";
  const most = balance?.earnings_micros ?? 0;
  const bounds = { least: 1, most: Math.max(1, most), step: 1 };
  const read = how === "all" ? null : readAmount(amount, bounds);
  const body =
    account && typeof read !== "string" ? { account_id: account.id, currency, amount_micros: read } : undefined;
  const fault = typeof read === "string" && amount !== "" ? read : undefined;
  return { account, currency, most, how, amount, bounds, body, fault, setAccountId, setCurrency, setHow, setAmount };
}

function usePreview(order: Order, open: boolean) {
  return useQuery({
    queryKey: ["wallet", "preview", order.body],
    enabled: open && order.body !== undefined,
    queryFn: ({ signal }) => paymentsPreview({ query: order.body ?? { account_id: "", currency: "" }, signal }),
    placeholderData: (old) => old,
    staleTime: 0,
  });
}

function usePay(onDone: () => void) {
  const t = useText(text);
  const format = useFormat();
  const keyOf = useOrderKeys();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NonNullable<Order["body"]>) =>
      paymentsAsk({ body, headers: { "idempotency-key": keyOf(body) } }),
    onSuccess: (payout) => {
      void queries.invalidateQueries({ queryKey: MONEY });
      toast(t("asked", { amount: format.money(payout.net_micros, payout.currency) }));
      onDone();
    },
  });
}

function Form(props: { order: Order; accounts: readonly PayoutAccount[]; balances: readonly Balance[] }) {
  const { order, accounts, balances } = props;
  const t = useText(text);
  const s = useText(shared);
  const format = useFormat();
  return (
    <>
      {accounts.length > 1 && (
        <Field label={t("to")}>
          <Select value={order.account?.id} onChange={(event) => order.setAccountId(event.currentTarget.value)}>
            {accounts.map((account) => (
              <option key={account.id} value={account.id}>
                {accountName(t, account)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {balances.length > 1 && (
        <Field label={t("from")}>
          <Select value={order.currency} onChange={(event) => order.setCurrency(event.currentTarget.value)}>
            {balances.map((has) => (
              <option key={has.currency} value={has.currency}>
                {format.money(has.earnings_micros, has.currency)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <div>
        <Choice
          label={t("howMuch")}
          value={order.how}
          options={[
            { value: "all", label: t("all", { amount: format.money(order.most, order.currency) }) },
            { value: "some", label: t("some") },
          ]}
          onChange={order.setHow}
        />
      </div>
      {order.how === "some" && (
        <AmountField
          label={s("amount")}
          currency={order.currency}
          value={order.amount}
          onChange={order.setAmount}
          fault={order.fault}
          bounds={order.bounds}
        />
      )}
    </>
  );
}

export function accountName(t: (key: "rail_stripe" | "rail_manual") => string, account: PayoutAccount): string {
  const rail = account.rail === "manual" ? t("rail_manual") : t("rail_stripe");
  return [rail, account.destination, account.currency.toUpperCase()].filter(Boolean).join(" · ");
}

function Preview({ preview }: { preview: PayoutPreview }) {
  const t = useText(text);
  const format = useFormat();
  const { currency, refusal } = preview;
  if (refusal) return <Refused preview={preview} />;
  const rows: readonly (readonly [string, ReactNode, string?])[] = [
    ...(preview.rate_nanos && preview.rate_day
      ? [
          [
            t("exchanged"),
            format.exactly(preview.source_micros, preview.source_currency),
            t("rate", {
              from: preview.source_currency.toUpperCase(),
              to: currency.toUpperCase(),
              rate: perUnit(preview.rate_nanos),
              day: format.day(preview.rate_day),
            }),
          ] as const,
        ]
      : []),
    ...(preview.margin_micros
      ? [
          [
            t("margin"),
            format.exactly(preview.margin_micros, currency),
            t("feeShare", { share: format.percent(preview.margin_bps / 10_000, 2) }),
          ] as const,
        ]
      : []),
    [t("gross"), format.money(preview.gross_micros, currency)],
    [
      t("fee"),
      format.money(preview.fee_micros, currency),
      t("feeShare", { share: format.percent(preview.fee_share_bps / 10_000, 1) }),
    ],
    [
      t("net"),
      <strong key="net" className="font-semibold">
        {format.money(preview.net_micros, currency)}
      </strong>,
      t("earliest", { day: format.day(preview.earliest) }),
    ],
  ];
  return (
    <dl className="flex flex-col gap-2 rounded-md bg-sunken px-4 py-3" aria-live="polite">
      {rows.map(([label, value, hint]) => (
        <div key={label} className="flex flex-wrap items-baseline justify-between gap-x-4">
          <dt className="text-ink-soft">{label}</dt>
          <dd className="tabular-nums">{value}</dd>
          {hint && <dd className="w-full text-ink-soft text-sm">{hint}</dd>}
        </div>
      ))}
    </dl>
  );
}

function Refused({ preview }: { preview: PayoutPreview }) {
  const t = useText(text);
  const format = useFormat();
  const key = `refusal_${preview.refusal}`;
  const values = {
    minimum: format.money(preview.minimum_micros, preview.currency),
    largest: format.money(preview.largest_micros, preview.currency),
    code: preview.refusal,
  };
  return (
    <p role="status" className="rounded-md bg-warn-soft px-4 py-3">
      {t.has(key) ? t(key, values) : t("refusal_other", values)}
    </p>
  );
}
