import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { InfoTip } from "../../components/info_tip";
import { Money } from "../../components/values";
import { useCurrency } from "./currency";
import type { Device } from "./device";
import { text } from "./messages";

/** What this tab's node has done since Start: live. */
export function SessionStats({ device: { view } }: { device: Device }) {
  const t = useText(text);
  const format = useFormat();
  const first = view.firstPaidAfterMs;
  return (
    <div className="border-line border-t pt-5 lg:border-t-0 lg:border-l lg:pt-0 lg:pl-8">
      <dl>
        <dt className="text-ink-soft">{t("sinceStart")}</dt>
        <dd className="mt-1 font-semibold text-3xl tracking-tight">
          <Money micros={view.earnedMicros} currency={useCurrency()} />
        </dd>
        <dd className="mt-1 min-h-4 text-ink-faint text-xs">
          {first !== undefined && t("firstPaid", { time: format.duration(first / 1_000) })}
        </dd>
      </dl>
      <dl className="mt-4 grid grid-cols-3 gap-4">
        <Count label={t("verified")} tip={t("verifiedTip")} count={view.paid} />
        <Count label={t("rejected")} tip={t("rejectedTip")} count={view.rejected} />
        <Count label={t("computed")} tip={t("computedTip")} count={view.executed} />
      </dl>
    </div>
  );
}

function Count({ label, tip, count }: { label: string; tip: string; count: number }) {
  return (
    <div className="min-w-0">
      <dt className="flex items-center gap-0.5 text-ink-soft">
        <span className="truncate">{label}</span>
        <InfoTip label={label}>{tip}</InfoTip>
      </dt>
      <dd className="mt-0.5 font-semibold text-lg tabular-nums">{useFormat().number(count)}</dd>
    </div>
  );
}
