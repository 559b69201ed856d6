import { useId } from "react";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { cx } from "../../components/cx";
import { POLICIES, type Policy } from "./draft";
import { text } from "./messages";
import type { Cost } from "./use_cost";

/** The rules by which a result is accepted, with what each costs for this job. */
export function PolicyField(props: {
  value: Policy;
  cost: Cost;
  count: number;
  priceMicros: number;
  onChange: (policy: Policy) => void;
}) {
  const t = useText(text);
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 font-medium text-sm">{t("policy")}</legend>
      <div className="overflow-hidden rounded-md border border-line">
        {POLICIES.map((policy) => (
          <label
            key={policy}
            className={cx(
              "flex cursor-pointer gap-3 border-line border-b px-3.5 py-3 transition-colors last:border-0",
              "has-[:focus-visible]:outline-2 has-[:focus-visible]:-outline-offset-2 has-[:focus-visible]:outline-accent",
              policy === props.value ? "bg-accent-soft/60" : "hover:bg-sunken/60",
            )}
          >
            <input
              type="radio"
              name={name}
              checked={policy === props.value}
              onChange={() => props.onChange(policy)}
              className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
            />
            <span className="flex min-w-0 flex-1 flex-col gap-x-4 gap-y-1 sm:flex-row sm:justify-between">
              <span className="min-w-0">
                <span className="block font-medium text-sm">{t(`policy_${policy}`)}</span>
                <span className="block text-ink-soft text-sm">{t(`about_${policy}`)}</span>
              </span>
              <PolicyCost {...props} policy={policy} />
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function PolicyCost(props: { policy: Policy; cost: Cost; count: number; priceMicros: number }) {
  const t = useText(text);
  const format = useFormat();
  const { policy, cost, count, priceMicros } = props;
  const votes = cost.votes[policy];
  const classes = "flex shrink-0 gap-x-2 text-sm sm:flex-col sm:items-end sm:text-right";
  if (policy === "trusted") return <span className={cx(classes, "text-ink-soft")}>{t("free")}</span>;
  if (votes === undefined) return <span className={classes} />;
  return (
    <span className={classes}>
      {count > 0 && priceMicros > 0 && (
        <span className="font-medium tabular-nums">
          {t("about", { amount: format.money(votes * count * priceMicros, cost.currency) })}
        </span>
      )}
      <span className="text-ink-faint">{t("votesEach", { count: votes })}</span>
    </span>
  );
}
