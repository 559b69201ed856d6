import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { ArrowUpRight } from "lucide-react";
import { useState } from "react";
import { type Balance, type PayoutAccount, paymentsAccounts, paymentsEarnings } from "../../api";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { ErrorNotice } from "../../components/error_notice";
import { PageHeader } from "../../components/page_header";
import { Debt } from "../wallet/debt";
import { shared } from "../wallet/shared_messages";
import { Accounts } from "./accounts";
import { ACCOUNTS, BALANCES } from "./keys";
import { text } from "./messages";
import { PayOutDialog } from "./pay_out_dialog";
import { Payouts } from "./payouts";
import { Plan } from "./plan";
import { openAccounts } from "./state";
import { StoryDialog } from "./story_dialog";

const EVERY_MS = 10_000;

export function Page() {
  const t = useText(text);
  const s = useText(shared);
  const { payout } = useSearch({ from: "/shell/wallet/payouts" });
  const accounts = useQuery({
    queryKey: ACCOUNTS,
    queryFn: ({ signal }) => paymentsAccounts({ signal }),
    refetchInterval: EVERY_MS,
  });
  const money = useQuery({
    queryKey: BALANCES,
    queryFn: ({ signal }) => paymentsEarnings({ query: { limit: 1 }, signal }),
    refetchInterval: EVERY_MS,
  });
  const open = accounts.data && openAccounts(accounts.data.items);
  const debts = money.data?.balances.filter((has) => has.debt_micros > 0) ?? [];
  const above = (
    <Link to="/wallet" search={{}} className="rounded-sm hover:text-accent">
      {s("toWallet")}
    </Link>
  );
  return (
    <>
      <PageHeader
        title={t("title")}
        above={above}
        actions={open && money.data && <PayOut accounts={open} balances={money.data.balances} />}
      >
        {t("lead")}
      </PageHeader>
      {debts.map((has) => (
        <div key={has.currency} className="mb-4 sm:mb-6">
          <Debt micros={has.debt_micros} currency={has.currency} />
        </div>
      ))}
      <div className="grid gap-4 sm:gap-6 xl:grid-cols-[minmax(0,1fr)_23rem] xl:items-start">
        <div className="flex min-w-0 flex-col gap-4 sm:gap-6 max-xl:order-2">
          <Payouts />
        </div>
        <div className="flex min-w-0 flex-col gap-4 sm:gap-6">
          {accounts.isError && <ErrorNotice error={accounts.error} onRetry={() => void accounts.refetch()} />}
          <Accounts accounts={open} rails={accounts.data?.rails} />
          {open && open.length > 0 && money.data && <Plan accounts={open} balances={money.data.balances} />}
        </div>
      </div>
      {payout && <StoryDialog key={payout} id={payout} />}
    </>
  );
}

function PayOut({ accounts, balances }: { accounts: readonly PayoutAccount[]; balances: readonly Balance[] }) {
  const t = useText(text);
  const [openings, setOpenings] = useState(0);
  const earned = balances.filter((has) => has.earnings_micros > 0);
  const ready = accounts.filter((account) => account.status === "active");
  const owes = balances.some((has) => has.debt_micros > 0);
  const why = owes ? "owes" : ready.length === 0 ? "notReady" : earned.length === 0 ? "nothing" : undefined;
  return (
    <>
      {why && <span className="text-ink-faint text-sm">{t(why)}</span>}
      <Button
        variant="primary"
        disabled={why !== undefined}
        icon={<ArrowUpRight aria-hidden className="size-4" />}
        onClick={() => setOpenings(openings + 1)}
      >
        {t("payOut")}
      </Button>
      {openings > 0 && !why && <PayOutDialog key={openings} accounts={ready} balances={earned} />}
    </>
  );
}
