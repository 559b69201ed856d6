import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CircleAlert, CircleCheck, Hourglass, X } from "lucide-react";
import { useEffect, useState } from "react";
import { type Balance, type Bank, type Funding, type FundingDetail, paymentsCheck, paymentsOne } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Button, IconButton } from "../../components/button";
import { CopyField } from "../../components/copy_field";
import { cx } from "../../components/cx";
import { ErrorNotice } from "../../components/error_notice";
import { Skeleton } from "../../components/skeleton";
import { Ago, Money } from "../../components/values";
import { balanceIn } from "./currencies";
import { fundingText } from "./funding_messages";
import { isMoving, refundable } from "./funding_state";
import { RefundDialog } from "./refund_dialog";
import { shared } from "./shared_messages";

const SOON_MS = 2_000;
/** A bank may take a payment back that is long there. */
const EVERY_MS = 10_000;

/** One funding: what became of it, as the coordinator knows it, and what to do next. `paid`: its payer says so. */
export function FundingCard({ id, paid, balances }: { id: string; paid: boolean; balances: readonly Balance[] }) {
  const queries = useQueryClient();
  const navigate = useNavigate({ from: "/wallet" });
  const s = useText(shared);
  const funding = useQuery({
    queryKey: ["wallet", "fundings", id],
    queryFn: ({ signal }) => (paid ? paymentsCheck : paymentsOne)({ path: { funding_id: id }, signal }),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? SOON_MS : EVERY_MS),
  });
  const arrived = funding.data?.state === "paid";
  useEffect(() => {
    if (arrived) void queries.invalidateQueries({ queryKey: ["wallet"] });
  }, [arrived, queries]);
  const close = () =>
    void navigate({ search: ({ funding: _, paid: __, ...old }) => old, replace: true, resetScroll: false });
  return (
    <section className="relative rounded-lg border border-line bg-surface p-4 pr-12 shadow-card sm:p-5 sm:pr-14">
      {funding.isError && <ErrorNotice error={funding.error} onRetry={() => void funding.refetch()} />}
      {funding.isPending && <Skeleton className="h-16" />}
      {funding.data && (
        <Shown funding={funding.data} paid={paid} wallet={balanceIn(balances, funding.data.currency).wallet_micros} />
      )}
      <IconButton label={s("close")} onClick={close} className="absolute top-2 right-2">
        <X aria-hidden className="size-5" />
      </IconButton>
    </section>
  );
}

function Shown({ funding, paid, wallet }: { funding: FundingDetail; paid: boolean; wallet: number }) {
  const t = useText(fundingText);
  const format = useFormat();
  const told = toldOf(funding, paid);
  const amount = format.money(told === "disputed" ? funding.disputed_micros : funding.amount_micros, funding.currency);
  return (
    <div className="flex flex-col gap-4">
      <div role="status" className="flex items-start gap-3">
        <Sign told={told} />
        <div className="min-w-0">
          <h2 className="font-semibold text-base">{t(told, { amount })}</h2>
          <p className="text-ink-soft">{t(`${told}Text`)}</p>
        </div>
      </div>
      {funding.bank && <Transfer funding={funding} bank={funding.bank} />}
      <Refunds funding={funding} />
      <Actions funding={funding} most={refundable(funding, wallet)} told={told} />
    </div>
  );
}

type Told = "on_way" | "open" | "bank" | "processing" | "paid" | "expired" | "failed" | "disputed";

function toldOf(funding: Funding, paid: boolean): Told {
  if (funding.state === "open") return funding.bank ? "bank" : paid ? "on_way" : "open";
  return funding.state === "paid" && funding.disputed_micros > 0 ? "disputed" : funding.state;
}

function Sign({ told }: { told: Told }) {
  const bad = told === "failed" || told === "disputed";
  const Icon = told === "paid" ? CircleCheck : bad ? CircleAlert : Hourglass;
  const tone = told === "paid" ? "text-accent" : bad ? "text-bad" : "text-ink-faint";
  return <Icon aria-hidden className={cx("mt-0.5 size-5 shrink-0", tone)} />;
}

/** What to write on a bank transfer. */
function Transfer({ funding, bank }: { funding: Funding; bank: Bank }) {
  const t = useText(fundingText);
  const s = useText(shared);
  const format = useFormat();
  const rows = [
    [t("holder"), bank.name],
    [t("iban"), bank.iban],
    [t("bic"), bank.bic],
    [s("amount"), format.money(funding.amount_micros, funding.currency)],
    [t("reference"), funding.reference ?? ""],
  ] as const;
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {rows
        .filter(([, value]) => value)
        .map(([label, value]) => (
          <div key={label} className="min-w-0">
            <p className="mb-1 font-medium text-sm">{label}</p>
            <CopyField label={label} value={value} />
          </div>
        ))}
    </div>
  );
}

function Refunds({ funding }: { funding: FundingDetail }) {
  const t = useText(fundingText);
  if (funding.refunds.length === 0) return null;
  return (
    <div>
      <h3 className="font-medium text-sm">{t("refunds")}</h3>
      <ul className="mt-1 flex flex-col gap-1 text-sm">
        {funding.refunds.map((refund) => (
          <li key={refund.id} className="flex flex-wrap gap-x-3 text-ink-soft">
            <Money micros={refund.amount_micros} currency={refund.currency} />
            <span>{t(`refund_${refund.state}`)}</span>
            <span className="text-ink-faint">
              <Ago at={refund.ended_at ?? refund.created_at} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Actions({ funding, most, told }: { funding: Funding; most: number; told: Told }) {
  const t = useText(fundingText);
  const [asking, setAsking] = useState(false);
  const pay = funding.url && told !== "on_way" ? funding.url : undefined;
  if (!pay && most === 0) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {pay && (
        <Button variant="primary" onClick={() => globalThis.location.assign(pay)}>
          {t("pay")}
        </Button>
      )}
      {most > 0 && <Button onClick={() => setAsking(true)}>{t("refund")}</Button>}
      {asking && <RefundDialog funding={funding} most={most} onClose={() => setAsking(false)} />}
    </div>
  );
}
