import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Exchange, type ExchangeOrder, paymentsExchange, paymentsQuoteExchange } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Select } from "../../components/field";
import { toast } from "../../components/toast";
import { AmountField } from "./amount_field";
import { readAmount } from "./amounts";
import { exchangeText } from "./exchange_messages";
import { useOrderKeys } from "./keys";
import { shared } from "./shared_messages";
import type { Source } from "./sources";

/** Shows what an amount becomes, by which rate of which day, before it is exchanged. */
export function ExchangeDialog({ sources }: { sources: readonly Source[] }) {
  const t = useText(exchangeText);
  const s = useText(shared);
  const [open, setOpen] = useState(true);
  const order = useOrder(sources);
  const quote = useQuery({
    queryKey: ["wallet", "quote", order.body],
    enabled: open && order.body !== undefined,
    queryFn: ({ signal }) => paymentsQuoteExchange({ query: order.body as ExchangeOrder, signal }),
    staleTime: 0,
  });
  const exchange = useExchange(() => setOpen(false));
  const least = quote.data?.received_micros;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => exchange.isPending || setOpen(next)}
      title={t("exchange")}
      hint={t("exchangeHint")}
      actions={
        <>
          <Button onClick={() => setOpen(false)}>{s("cancel")}</Button>
          <Button
            variant="primary"
            disabled={least === undefined || !order.body}
            busy={exchange.isPending}
            onClick={() => order.body && exchange.mutate({ ...order.body, least_micros: least ?? 0 })}
          >
            {t("exchange")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <Form order={order} />
        {quote.isError && <ErrorNotice error={quote.error} />}
        {quote.data && order.body && <Quote quote={quote.data} />}
        {exchange.isError && <ErrorNotice error={exchange.error} />}
      </div>
    </Dialog>
  );
}

type Order = ReturnType<typeof useOrder>;

function useOrder(sources: readonly Source[]) {
  const [name, setName] = useState("");
  const source = sources.find((one) => nameOf(one) === name) ?? sources[0];
  const targets = source?.targets ?? [];
  const [wanted, setTarget] = useState("");
  const target = targets.includes(wanted) ? wanted : targets[0];
  const [amount, setAmount] = useState("");
  const bounds = { least: 1, most: source?.micros ?? 1, step: 1 };
  const read = readAmount(amount, bounds);
  const fault = typeof read === "string" && amount !== "" ? read : undefined;
  const body: ExchangeOrder | undefined =
    source && target && typeof read === "number"
      ? { account: source.account, source_currency: source.currency, target_currency: target, amount_micros: read }
      : undefined;
  return { sources, source, targets, target, amount, bounds, fault, body, setName, setTarget, setAmount };
}

function nameOf(source: Source): string {
  return `${source.account}-${source.currency}`;
}

function useExchange(onDone: () => void) {
  const t = useText(exchangeText);
  const format = useFormat();
  const keyOf = useOrderKeys();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: ExchangeOrder) => paymentsExchange({ body, headers: { "idempotency-key": keyOf(body) } }),
    onSuccess: (done) => {
      void queries.invalidateQueries({ queryKey: ["wallet"] });
      toast(t("done", { amount: format.money(done.received_micros, done.target_currency) }));
      onDone();
    },
  });
}

function Form({ order }: { order: Order }) {
  const t = useText(exchangeText);
  const s = useText(shared);
  const format = useFormat();
  const { source } = order;
  if (!source) return null;
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_7rem] gap-3">
        <Field label={t("from")}>
          <Select value={nameOf(source)} onChange={(event) => order.setName(event.currentTarget.value)}>
            {order.sources.map((one) => (
              <option key={nameOf(one)} value={nameOf(one)}>
                {t(`account_${one.account}`)}: {format.money(one.micros, one.currency)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("to")}>
          <Select value={order.target} onChange={(event) => order.setTarget(event.currentTarget.value)}>
            {order.targets.map((code) => (
              <option key={code} value={code}>
                {code.toUpperCase()}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <AmountField
        label={s("amount")}
        hint={t("most", { amount: format.exactly(source.micros, source.currency) })}
        currency={source.currency}
        value={order.amount}
        onChange={order.setAmount}
        fault={order.fault}
        bounds={order.bounds}
      />
    </>
  );
}

function Quote({ quote }: { quote: Exchange }) {
  const t = useText(exchangeText);
  const format = useFormat();
  const rows = [
    [t("gives"), format.exactly(quote.amount_micros, quote.source_currency)],
    ...(quote.margin_micros
      ? [
          [
            t("margin", { share: format.percent(quote.margin_bps / 10_000, 2) }),
            format.exactly(quote.margin_micros, quote.target_currency),
          ] as const,
        ]
      : []),
    [t("gets"), format.exactly(quote.received_micros, quote.target_currency)],
  ] as const;
  const values = {
    from: quote.source_currency.toUpperCase(),
    to: quote.target_currency.toUpperCase(),
    rate: quote.rate,
    day: format.day(quote.rate_day),
  };
  return (
    <div className="rounded-md bg-sunken px-4 py-3" aria-live="polite">
      <dl className="flex flex-col gap-1">
        {rows.map(([label, value]) => (
          <div key={label} className="flex justify-between gap-4">
            <dt className="text-ink-soft">{label}</dt>
            <dd className="font-medium tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-1 text-ink-soft text-sm">{t("rate", values)}</p>
    </div>
  );
}
