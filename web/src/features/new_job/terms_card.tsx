import { useFormat } from "../../app/format";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { Field, Input, Select } from "../../components/field";
import { InfoTip } from "../../components/info_tip";
import { amountOf, fairPrice, microsOf } from "./amounts";
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
    <div className="grid gap-4 sm:grid-cols-2">
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
    </div>
  );
}

/** Once it is known how long an input takes: the price at which it earns as much as other work. */
function FairPrice({ change, cost, measuredS }: Pick<Props, "change" | "cost" | "measuredS">) {
  const t = useText(text);
  const format = useFormat();
  const comma = useLocale() === "de";
  const { hourMicros, feeShare, currency } = cost;
  if (measuredS === undefined || hourMicros === undefined || feeShare === undefined) return null;
  const price = fairPrice(measuredS, hourMicros, feeShare);
  const hour = format.money(hourMicros, currency);
  return (
    <span className="flex items-center gap-1">
      <Button variant="quiet" size="sm" onClick={() => change({ price: amountOf(price, comma) })}>
        {t("priceSuggested", { amount: format.money(price, currency) })}
      </Button>
      <InfoTip>{t("priceSuggestedTip", { hour, duration: format.duration(measuredS) })}</InfoTip>
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
