import { Rocket } from "lucide-react";
import type { ReactNode } from "react";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { cx } from "../../components/cx";
import { ErrorNotice } from "../../components/error_notice";
import { InfoTip } from "../../components/info_tip";
import { Skeleton } from "../../components/skeleton";
import { microsOf } from "./amounts";
import type { Draft } from "./draft";
import { text } from "./messages";
import { Notice } from "./notice";
import type { Problem } from "./order";
import type { Cost } from "./use_cost";

interface Props {
  readonly draft: Draft;
  readonly count: number;
  readonly cost: Cost;
  /** Shown once somebody wanted to start. */
  readonly problems: readonly Problem[];
  readonly onStart: () => void;
  readonly onClear: () => void;
}

/** What it costs, before it does; and the button that starts it. */
export function Summary(props: Props) {
  const t = useText(text);
  const { draft, cost, problems, onStart, onClear } = props;
  return (
    <Card title={t("cost")}>
      <div className="flex flex-col gap-4">
        {draft.policy === "trusted" ? <p className="text-ink-soft">{t("free_own")}</p> : <Figures {...props} />}
        {Boolean(cost.error) && <ErrorNotice error={cost.error} />}
        <Short {...props} />
        <Problems problems={problems} />
        <Button
          variant="primary"
          size="lg"
          className="w-full"
          icon={<Rocket aria-hidden className="size-4" />}
          onClick={onStart}
        >
          {t("start")}
        </Button>
        <div className="flex items-center justify-between gap-3 text-ink-faint text-xs">
          <span>{t("kept")}</span>
          <Button variant="quiet" size="sm" className="-mr-3" onClick={onClear}>
            {t("clear")}
          </Button>
        </div>
      </div>
    </Card>
  );
}

function budgetOf({ draft, cost }: Props): number | undefined {
  return draft.budget.trim() ? microsOf(draft.budget) : cost.estimate?.budget_micros;
}

function Figures(props: Props) {
  const t = useText(text);
  const format = useFormat();
  const { draft, count, cost } = props;
  const { estimate, currency, votes, walletMicros } = cost;
  const price = microsOf(draft.price);
  const money = (micros: number | undefined) => (micros === undefined ? undefined : format.money(micros, currency));
  const needed = votes[draft.policy];
  const nothing = count === 0 || !price;
  const paid = (micros: number | undefined) => (nothing ? "–" : money(micros));
  return (
    <dl className="flex flex-col gap-2 text-sm">
      <Line label={t("costTasks")} value={format.number(count)} />
      <Line label={`× ${t("costVotes")}`} value={needed === undefined ? undefined : format.number(needed)} />
      <Line label={`× ${t("costPrice")}`} value={price ? money(price) : "–"} />
      <Line label={t("costEstimate")} value={paid(estimate?.estimate_micros)} strong />
      <Line
        label={t("costFee")}
        value={paid(estimate && estimate.n * estimate.quorum * estimate.fee_micros)}
        className="text-ink-faint"
      />
      {(estimate?.bonuses_micros ?? 0) > 0 && (
        <Line label={t("costBonuses")} value={paid(estimate?.bonuses_micros)} className="text-ink-faint" />
      )}
      <Line
        label={
          <span className="inline-flex items-center gap-1">
            {t("costBudget")} <InfoTip>{t("costBudgetTip")}</InfoTip>
          </span>
        }
        value={paid(budgetOf(props))}
        className="mt-2 border-line border-t pt-3"
      />
      <Line label={t("wallet")} value={money(walletMicros)} />
    </dl>
  );
}

function Line(props: { label: ReactNode; value: string | undefined; strong?: boolean; className?: string }) {
  const { label, value, strong = false, className } = props;
  return (
    <div className={cx("flex min-h-6 items-baseline justify-between gap-4", strong && "font-semibold", className)}>
      <dt className={strong ? "" : "text-ink-soft"}>{label}</dt>
      <dd className={cx("tabular-nums", strong && "text-lg")}>{value ?? <Skeleton className="h-4 w-16" />}</dd>
    </div>
  );
}

function Short(props: Props) {
  const t = useText(text);
  const format = useFormat();
  const { draft, cost } = props;
  const { walletMicros, currency } = cost;
  const budgetMicros = budgetOf(props);
  if (draft.policy === "trusted" || walletMicros === undefined || budgetMicros === undefined) return null;
  if (budgetMicros <= walletMicros) return null;
  return <Notice tone="warn">{t("short", { amount: format.money(budgetMicros - walletMicros, currency) })}</Notice>;
}

function Problems({ problems }: { problems: readonly Problem[] }) {
  const t = useText(text);
  if (problems.length === 0) return null;
  return (
    <Notice tone="bad">
      <p className="font-medium">{t("fixFirst", { count: problems.length })}</p>
      <ul className="mt-1 list-disc pl-4 text-ink-soft">
        {problems.map(({ field, words, values }) => (
          <li key={`${field}:${words}`}>{t(words, values)}</li>
        ))}
      </ul>
    </Notice>
  );
}
