import type { PoolTerms, Split } from "../../api";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { Field, Input } from "../../components/field";
import { bpsOf, percentOf } from "./commission";
import { text } from "./messages";

const SPLITS: readonly Split[] = ["contribution", "equal"];

export interface TermsFaults {
  readonly commission?: boolean;
}

/** What the form holds; undefined: the commission is none. */
export function termsOf(entered: FormData): PoolTerms | undefined {
  const commission = bpsOf(String(entered.get("commission")));
  const split = SPLITS.find((one) => one === entered.get("split")) ?? "contribution";
  return commission === undefined ? undefined : { commission_bps: commission, split };
}

/** A pool's rule: what its treasury keeps, and whose the rest is. */
export function TermsFields({ terms, faults }: { terms: PoolTerms; faults: TermsFaults }) {
  const t = useText(text);
  const comma = useLocale() === "de";
  return (
    <>
      <Field
        label={t("commissionField")}
        hint={t("commissionHint")}
        error={faults.commission ? t("commissionWrong") : undefined}
      >
        <Input
          name="commission"
          inputMode="decimal"
          autoComplete="off"
          defaultValue={percentOf(terms.commission_bps, comma)}
          className="tabular-nums"
        />
      </Field>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 font-medium text-sm">{t("split")}</legend>
        {SPLITS.map((split) => (
          <label
            key={split}
            className="flex cursor-pointer items-start gap-3 rounded-md border border-line px-3 py-2.5 hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft/40"
          >
            <input
              type="radio"
              name="split"
              value={split}
              defaultChecked={split === terms.split}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <span>
              <span className="font-medium text-sm">{t(`split_${split}`)}</span>
              <span className="block text-ink-soft text-sm">{t(`splitHint_${split}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </>
  );
}
