import { useQuery } from "@tanstack/react-query";
import { networkPrice } from "../../api";
import { useFormat } from "../../app/format";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { Field, Input, Select } from "../../components/field";
import { InfoTip } from "../../components/info_tip";
import { amountOf, microsOf } from "./amounts";
import type { Draft, Policy } from "./draft";
import { text } from "./messages";
import { MoreTerms } from "./more_terms";
import { nameOf } from "./order";
import { PolicyField } from "./policy_field";
import { isModule, ModuleField, type Part } from "./program_card";
import type { PythonFunction } from "./python";
import type { Cost } from "./use_cost";

const EPSILONS = ["0.01", "0.001", "0.0001", "0.00001"] as const;

interface Props extends Part {
  readonly cost: Cost;
  readonly count: number;
  readonly functions: readonly PythonFunction[];
  readonly entry: PythonFunction | undefined;
  /** Seconds one input took here. */
  readonly measuredS: number | undefined;
}

/** What a result is worth, when it counts, and who may work on it. */
export function TermsCard({ cost, count, functions, entry, measuredS, ...part }: Props) {
  const t = useText(text);
  const { draft, change, wrong } = part;
  return (
    <Card title={t("terms")}>
      <div className="flex flex-col gap-5">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("name")} hint={t("nameHint")} error={wrong("name")}>
            <Input
              value={draft.name}
              maxLength={100}
              placeholder={nameOf({ ...draft, name: "" }, entry)}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
          </Field>
          <Field label={t("purpose")} hint={t("purposeHint")}>
            <Input
              value={draft.purpose}
              maxLength={200}
              placeholder={t("purposePlaceholder")}
              onChange={(event) => change({ purpose: event.currentTarget.value })}
            />
          </Field>
        </div>
        <PolicyField
          value={draft.policy}
          cost={cost}
          count={count}
          priceMicros={microsOf(draft.price) ?? 0}
          onChange={(policy: Policy) => change({ policy })}
        />
        {draft.policy === "adaptive" && <EpsilonField draft={draft} change={change} />}
        {draft.policy === "checked" && <VerifierField {...part} functions={functions} />}
        {draft.policy !== "trusted" && <MoneyFields {...part} cost={cost} measuredS={measuredS} />}
        <MoreTerms {...part} />
      </div>
    </Card>
  );
}

function EpsilonField({ draft, change }: Pick<Part, "draft" | "change">) {
  const t = useText(text);
  const format = useFormat();
  return (
    <Field label={t("epsilon")} className="sm:max-w-xs">
      <Select value={draft.epsilon} onChange={(event) => change({ epsilon: event.currentTarget.value })}>
        {EPSILONS.map((value) => (
          <option key={value} value={value}>
            {t("epsilonOf", { count: format.number(Math.round(1 / Number(value))) })}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function VerifierField({ draft, change, wrong, functions }: Part & { functions: readonly PythonFunction[] }) {
  const t = useText(text);
  if (draft.runtime === "wasm") {
    const take = async ([file]: readonly File[]) => {
      if (file && (await isModule(file))) change({ verifierModule: file });
    };
    return (
      <ModuleField
        label={t("verifierModule")}
        hint={t("verifierModuleHint")}
        error={wrong("verifier")}
        file={draft.verifierModule}
        onFiles={(files) => void take(files)}
        onRemove={() => change({ verifierModule: undefined })}
      />
    );
  }
  const known = functions.some(({ name }) => name === draft.verifierEntry);
  return (
    <Field label={t("verifier")} hint={t("verifierHint")} error={wrong("verifier")} className="sm:max-w-md">
      <Select
        value={known ? draft.verifierEntry : ""}
        onChange={(event) => change({ verifierEntry: event.currentTarget.value })}
      >
        <option value="">{t("verifierChoose")}</option>
        {functions.map(({ name, parameters }) => (
          <option key={name} value={name}>{`${name}(${parameters})`}</option>
        ))}
      </Select>
    </Field>
  );
}

function MoneyFields({ draft, change, wrong, cost, measuredS }: Part & Pick<Props, "cost" | "measuredS">) {
  const t = useText(text);
  const format = useFormat();
  const share = cost.feeShare === undefined ? "…" : format.percent(cost.feeShare, 1);
  const comma = useLocale() === "de";
  const suggested = cost.estimate && amountOf(cost.estimate.budget_micros, comma);
  return (
    <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
      {cost.currencies.length > 1 && <CurrencyField draft={draft} change={change} cost={cost} />}
      <Field
        label={t("price")}
        hint={t("priceHint", { share })}
        error={wrong("price")}
        aside={<FairPrice change={change} cost={cost} measuredS={measuredS} />}
      >
        <Amount value={draft.price} currency={cost.currency} onChange={(price) => change({ price })} />
      </Field>
      <Field
        label={t("budget")}
        hint={t("budgetHint", {
          amount: cost.estimate ? format.money(cost.estimate.budget_micros, cost.currency) : "…",
        })}
        error={wrong("budget")}
      >
        <Amount
          value={draft.budget}
          currency={cost.currency}
          placeholder={suggested}
          onChange={(budget) => change({ budget })}
        />
      </Field>
      <BonusFields {...{ draft, change, wrong, cost }} />
    </div>
  );
}

/** Only where there is a choice: what a wallet does not hold cannot pay a job. */
function CurrencyField({ draft, change, cost }: Pick<Part, "draft" | "change"> & Pick<Props, "cost">) {
  const t = useText(text);
  const { homeCurrency = "", currencies } = cost;
  const choose = (currency: string) => change({ currency: currency === homeCurrency ? "" : currency });
  return (
    <Field label={t("currency")} hint={t("currencyHint")} className="sm:col-span-2 sm:max-w-xs">
      <Select value={draft.currency || homeCurrency} onChange={(event) => choose(event.currentTarget.value)}>
        {currencies.map((currency) => (
          <option key={currency} value={currency}>
            {currency.toUpperCase()}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** What those get on top who are fast; how fast is asked once there is something to get. */
function BonusFields({ draft, change, wrong, cost }: Part & Pick<Props, "cost">) {
  const t = useText(text);
  return (
    <>
      <Field label={t("bonus")} hint={t("bonusHint")} error={wrong("bonus")}>
        <Amount
          value={draft.bonus}
          currency={cost.currency}
          placeholder={t("noBonus")}
          onChange={(bonus) => change({ bonus })}
        />
      </Field>
      {draft.bonus.trim() !== "" && (
        <Field label={t("bonusWithin")} hint={t("bonusWithinHint")} error={wrong("bonusWithin")}>
          <Input
            value={draft.bonusWithinS}
            inputMode="decimal"
            autoComplete="off"
            onChange={(event) => change({ bonusWithinS: event.currentTarget.value })}
          />
        </Field>
      )}
    </>
  );
}

/** Once it is known how long an input takes: the price at which it earns as much as other work. */
function FairPrice({ change, cost, measuredS }: Pick<Props, "change" | "cost" | "measuredS">) {
  const t = useText(text);
  const format = useFormat();
  const comma = useLocale() === "de";
  const { data: fair } = useQuery({
    queryKey: ["network", "price", measuredS],
    queryFn: ({ signal }) => networkPrice({ query: { task_s: measuredS ?? 0 }, signal }),
    enabled: measuredS !== undefined,
    staleTime: 300_000,
  });
  if (!fair || measuredS === undefined || fair.currency !== cost.currency) return null;
  const hour = format.money(Math.round(fair.micros_per_core_hour), fair.currency);
  const tip = fair.earned_micros_per_core_hour === null ? "priceSuggestedNew" : "priceSuggestedTip";
  return (
    <span className="flex items-center gap-1">
      <Button variant="quiet" size="sm" onClick={() => change({ price: amountOf(fair.price_micros, comma) })}>
        {t("priceSuggested", { amount: format.money(fair.price_micros, fair.currency) })}
      </Button>
      <InfoTip>{t(tip, { hour, duration: format.duration(measuredS) })}</InfoTip>
    </span>
  );
}

function Amount(props: {
  value: Draft["price"];
  currency: string;
  placeholder?: string | undefined;
  onChange: (value: string) => void;
}) {
  return (
    <div className="relative">
      <Input
        value={props.value}
        inputMode="decimal"
        placeholder={props.placeholder}
        autoComplete="off"
        className="pr-14 tabular-nums"
        onChange={(event) => props.onChange(event.currentTarget.value)}
      />
      <span className="pointer-events-none absolute top-2.5 right-3 text-ink-faint text-sm">
        {props.currency.toUpperCase()}
      </span>
    </div>
  );
}
