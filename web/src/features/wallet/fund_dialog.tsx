import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useId, useState } from "react";
import { type FundingOrder, paymentsCreate, paymentsWays, type WayIn } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Field, Select } from "../../components/field";
import { AmountField } from "./amount_field";
import { type Fault, readAmount } from "./amounts";
import { fundingText } from "./funding_messages";
import { useOrderKeys } from "./keys";
import { shared } from "./shared_messages";

/** How money can come in here: [] where only the operator puts it in. */
export function useWays(): readonly WayIn[] | undefined {
  const { data } = useQuery({
    queryKey: ["wallet", "ways"],
    queryFn: ({ signal }) => paymentsWays({ signal }),
    staleTime: 600_000,
  });
  return data?.ways;
}

/** Asks how much and how; a card is charged on Stripe's page, for a transfer the page says where to. */
export function FundDialog(props: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  ways: readonly WayIn[];
  currency: string;
}) {
  const { open, onOpenChange, ways, currency } = props;
  const t = useText(fundingText);
  const s = useText(shared);
  const form = useId();
  const [rail, setRail] = useState<WayIn["rail"]>();
  const fund = useFunding(() => onOpenChange(false));
  const railShown = rail ?? ways[0]?.rail;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => fund.isPending || onOpenChange(next)}
      title={t("add")}
      hint={t("addHint")}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>{s("cancel")}</Button>
          <Button type="submit" form={form} variant="primary" busy={fund.isPending || fund.isSuccess}>
            {t(railShown === "manual" ? "toBank" : "toStripe")}
          </Button>
        </>
      }
    >
      {railShown && (
        <Order
          id={form}
          ways={ways}
          rail={railShown}
          onRail={setRail}
          currency={currency}
          onOrder={(order) => fund.mutate(order)}
        />
      )}
      {fund.isError && (
        <div className="mt-4">
          <ErrorNotice error={fund.error} />
        </div>
      )}
    </Dialog>
  );
}

/** Starts a payment once, however often it is asked to, and goes where it is paid. */
function useFunding(onDone: () => void) {
  const keyOf = useOrderKeys();
  const queries = useQueryClient();
  const navigate = useNavigate({ from: "/wallet" });
  return useMutation({
    mutationFn: (order: FundingOrder) => paymentsCreate({ body: order, headers: { "idempotency-key": keyOf(order) } }),
    onSuccess: (funding) => {
      if (funding.url) {
        globalThis.location.assign(funding.url);
        return;
      }
      void queries.invalidateQueries({ queryKey: ["wallet", "fundings"] });
      onDone();
      void navigate({ search: (old) => ({ ...old, currency: funding.currency, funding: funding.id }) });
    },
  });
}

function Order(props: {
  id: string;
  ways: readonly WayIn[];
  rail: WayIn["rail"];
  onRail: (rail: WayIn["rail"]) => void;
  currency: string;
  onOrder: (order: FundingOrder) => void;
}) {
  const { id, ways, rail, onRail, currency, onOrder } = props;
  const t = useText(fundingText);
  const s = useText(shared);
  const format = useFormat();
  const [wanted, setWanted] = useState(currency);
  const [amount, setAmount] = useState("");
  const [fault, setFault] = useState<Fault>();
  const offered = ways.filter((one) => one.rail === rail);
  const way = offered.find((one) => one.currency === wanted) ?? offered[0];
  if (!way) return null;
  const bounds = { least: way.least_micros, most: way.most_micros, step: way.step_micros };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const micros = readAmount(amount, bounds);
    setFault(typeof micros === "number" ? undefined : micros);
    if (typeof micros === "number") onOrder({ rail, currency: way.currency, amount_micros: micros });
  };
  return (
    <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-5">
      <Rails rails={[...new Set(ways.map((one) => one.rail))]} rail={rail} onRail={onRail} />
      <div className="grid grid-cols-[minmax(0,1fr)_7rem] gap-3">
        <AmountField
          label={s("amount")}
          hint={t("between", {
            least: format.money(bounds.least, way.currency),
            most: format.money(bounds.most, way.currency),
          })}
          currency={way.currency}
          value={amount}
          onChange={setAmount}
          fault={fault}
          bounds={bounds}
        />
        <Field label={s("currency")}>
          <Select value={way.currency} onChange={(event) => setWanted(event.currentTarget.value)}>
            {offered.map((one) => (
              <option key={one.currency} value={one.currency}>
                {one.currency.toUpperCase()}
              </option>
            ))}
          </Select>
        </Field>
      </div>
    </form>
  );
}

function Rails(props: { rails: readonly WayIn["rail"][]; rail: WayIn["rail"]; onRail: (rail: WayIn["rail"]) => void }) {
  const t = useText(fundingText);
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 font-medium text-sm">{t("way")}</legend>
      {props.rails.map((rail) => (
        <label
          key={rail}
          className="flex cursor-pointer items-start gap-3 rounded-md border border-line px-3 py-2.5 hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft/40"
        >
          <input
            type="radio"
            name="rail"
            value={rail}
            checked={rail === props.rail}
            onChange={() => props.onRail(rail)}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span>
            <span className="font-medium">{t(`way_${rail}`)}</span>
            <span className="block text-ink-soft text-sm">{t(`way_${rail}Hint`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
