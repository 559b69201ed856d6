import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowLeftRight, ArrowUpRight, Download, Plus } from "lucide-react";
import { useState } from "react";
import { type Balance, type ExchangePair, paymentsEarnings, paymentsExchangePairs, type WayIn } from "../../api";
import { useSession } from "../../app/session";
import { useText } from "../../app/text";
import { Button, LinkButton } from "../../components/button";
import { Choice } from "../../components/choice";
import { ErrorNotice } from "../../components/error_notice";
import { PageHeader } from "../../components/page_header";
import { useCurrency } from "../contribute/currency";
import { Balances } from "./balances";
import { balanceIn, currenciesOf } from "./currencies";
import { Debt } from "./debt";
import { Earned } from "./earned";
import { EarnedBy } from "./earned_by";
import { ExchangeDialog } from "./exchange_dialog";
import { exchangeText } from "./exchange_messages";
import { FundDialog, useWays } from "./fund_dialog";
import { FundingCard } from "./funding_card";
import { fundingText } from "./funding_messages";
import { Fundings } from "./fundings";
import { text } from "./messages";
import { Postings } from "./postings";
import { shared } from "./shared_messages";
import { sourcesOf } from "./sources";
import { StatementDialog } from "./statement_dialog";
import { Underway } from "./underway";

const EVERY_MS = 10_000;
const RATES_EVERY_MS = 600_000;
const NONE: readonly Balance[] = [];
const NO_PAIRS: readonly ExchangePair[] = [];

export function Page() {
  const t = useText(text);
  const { account = "wallet", currency: wanted, funding, paid } = useSearch({ from: "/shell/wallet" });
  const network = useCurrency();
  const currency = wanted ?? network;
  const money = useQuery({
    queryKey: ["wallet", "balances"],
    queryFn: ({ signal }) => paymentsEarnings({ query: { limit: 1 }, signal }),
    refetchInterval: EVERY_MS,
  });
  const underway = money.data?.totals.find((total) => total.currency === currency)?.held_micros ?? 0;
  const balance = money.data && balanceIn(money.data.balances, currency);
  return (
    <>
      <PageHeader title={t("title")} actions={<Actions currency={currency} balances={money.data?.balances ?? NONE} />}>
        {t("lead")}
      </PageHeader>
      <div className="flex flex-col gap-4 sm:gap-6">
        {money.isError && <ErrorNotice error={money.error} onRetry={() => void money.refetch()} />}
        {funding && (
          <FundingCard key={funding} id={funding} paid={paid === 1} balances={money.data?.balances ?? NONE} />
        )}
        {money.data && <Currencies balances={money.data.balances} network={network} currency={currency} />}
        {balance && balance.debt_micros > 0 && <Debt micros={balance.debt_micros} currency={currency} />}
        {underway > 0 && <Underway micros={underway} currency={currency} />}
        {(balance || money.isPending) && <Balances balance={balance} chosen={account} />}
        <div className="grid gap-4 sm:gap-6 xl:grid-cols-[minmax(0,1fr)_23rem] xl:items-start">
          <Postings account={account} currency={currency} />
          <div className="flex min-w-0 flex-col gap-4 sm:gap-6">
            <Fundings />
            <Earned />
            <EarnedBy />
            <Filling />
          </div>
        </div>
      </div>
    </>
  );
}

function Actions({ currency, balances }: { currency: string; balances: readonly Balance[] }) {
  const t = useText(text);
  const f = useText(fundingText);
  const x = useText(exchangeText);
  const ways = useWays() ?? [];
  const [adding, setAdding] = useState(0);
  const [exchanging, setExchanging] = useState(0);
  const [stating, setStating] = useState(0);
  const currencies = currenciesOf(balances, [currency, ...ways.map((way) => way.currency)]);
  const sources = sourcesOf(balances, currencies, usePairs());
  return (
    <>
      <LinkButton to="/wallet/payouts" search={{}} icon={<ArrowUpRight aria-hidden className="size-4" />}>
        {t("payouts")}
      </LinkButton>
      <Button icon={<Download aria-hidden className="size-4" />} onClick={() => setStating(stating + 1)}>
        {t("statement")}
      </Button>
      {sources.length > 0 && (
        <Button icon={<ArrowLeftRight aria-hidden className="size-4" />} onClick={() => setExchanging(exchanging + 1)}>
          {x("exchange")}
        </Button>
      )}
      {ways.length > 0 && (
        <Button variant="primary" icon={<Plus aria-hidden className="size-4" />} onClick={() => setAdding(adding + 1)}>
          {f("add")}
        </Button>
      )}
      {stating > 0 && <StatementDialog key={`statement ${stating}`} currency={currency} currencies={currencies} />}
      {adding > 0 && <Adding key={`add ${adding}`} ways={ways} currency={currency} />}
      {exchanging > 0 && <ExchangeDialog key={`exchange ${exchanging}`} sources={sources} />}
    </>
  );
}

/** What there are rates for: none until it is known. */
function usePairs(): readonly ExchangePair[] {
  const { data } = useQuery({
    queryKey: ["wallet", "pairs"],
    queryFn: ({ signal }) => paymentsExchangePairs({ signal }),
    staleTime: RATES_EVERY_MS,
  });
  return data?.pairs ?? NO_PAIRS;
}

/** Open until it is closed; each opening is a dialog of its own. */
function Adding({ ways, currency }: { ways: readonly WayIn[]; currency: string }) {
  const [open, setOpen] = useState(true);
  return <FundDialog open={open} onOpenChange={setOpen} ways={ways} currency={currency} />;
}

/** Which currency's money is shown, for those who have more than one. */
function Currencies(props: { balances: readonly Balance[]; network: string; currency: string }) {
  const { balances, network, currency } = props;
  const s = useText(shared);
  const navigate = useNavigate({ from: "/wallet" });
  const offered = currenciesOf(balances, [network, currency]);
  if (offered.length < 2) return null;
  const choose = (next: string) =>
    void navigate({
      search: ({ currency: _, before: __, ...old }) => ({ ...old, ...(next !== network && { currency: next }) }),
      resetScroll: false,
    });
  return (
    <div>
      <Choice
        label={s("currency")}
        value={currency}
        options={offered.map((code) => ({ value: code, label: code.toUpperCase() }))}
        onChange={choose}
      />
    </div>
  );
}

/** How money comes in where there is no other way. */
function Filling() {
  const t = useText(text);
  const email = useSession()?.user.email ?? "";
  if (useWays()?.length !== 0) return null;
  return (
    <section className="rounded-lg bg-sunken px-4 py-4 sm:px-5">
      <h2 className="font-semibold">{t("fillTitle")}</h2>
      <p className="mt-1 text-ink-soft">
        {t.rich("fillText", { email: <strong className="font-medium text-ink break-words">{email}</strong> })}
      </p>
    </section>
  );
}
