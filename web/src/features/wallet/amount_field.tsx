import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Field, Input } from "../../components/field";
import type { Bounds, Fault } from "./amounts";
import { shared } from "./shared_messages";

/** An amount in a currency. `fault`: what is wrong with it, once it was asked for. */
export function AmountField(props: {
  label: string;
  hint?: string;
  currency: string;
  value: string;
  onChange: (text: string) => void;
  fault: Fault | undefined;
  bounds: Bounds;
}) {
  const { label, hint, currency, value, onChange, fault, bounds } = props;
  const t = useText(shared);
  const format = useFormat();
  const says = fault && {
    none: t("amountNone"),
    step: t("amountStep", { step: format.exactly(bounds.step, currency) }),
    least: t("amountLeast", { amount: format.exactly(bounds.least, currency) }),
    most: t("amountMost", { amount: format.exactly(bounds.most, currency) }),
  };
  return (
    <Field
      label={label}
      hint={hint}
      error={says?.[fault ?? "none"]}
      aside={<span className="text-ink-faint text-sm">{currency.toUpperCase()}</span>}
    >
      <Input
        inputMode="decimal"
        autoComplete="off"
        maxLength={20}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        className="tabular-nums"
      />
    </Field>
  );
}
