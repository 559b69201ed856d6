import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type PayoutEvent, type PayoutStory, type PayoutTransaction, paymentsStory } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Skeleton } from "../../components/skeleton";
import { Money } from "../../components/values";
import { ledgerText } from "../posting/ledger_messages";
import { PAYOUTS } from "./keys";
import { text } from "./messages";
import { State } from "./payouts";
import { isUnderway } from "./state";

const SOON_MS = 2_000;

/** All that happened to a payout, and what it is in the ledger. */
export function StoryDialog({ id }: { id: string }) {
  const t = useText(text);
  const format = useFormat();
  const navigate = useNavigate({ from: "/wallet/payouts" });
  const story = useQuery({
    queryKey: [...PAYOUTS, "story", id],
    queryFn: ({ signal }) => paymentsStory({ path: { payout_id: id }, signal }),
    refetchInterval: ({ state }) => (state.data && !isUnderway(state.data) ? false : SOON_MS),
  });
  const close = () => void navigate({ search: ({ payout: _, ...old }) => old, resetScroll: false });
  const amount = story.data ? format.money(story.data.net_micros, story.data.currency) : "…";
  return (
    <Dialog open onOpenChange={(open) => open || close()} title={t("storyTitle", { amount })} wide>
      {story.isError && <ErrorNotice error={story.error} onRetry={() => void story.refetch()} />}
      {story.isPending && <Skeleton className="h-40" />}
      {story.data && <Story story={story.data} />}
    </Dialog>
  );
}

function Story({ story }: { story: PayoutStory }) {
  const t = useText(text);
  return (
    <div className="flex flex-col gap-6">
      <Standing story={story} />
      <Figures story={story} />
      <section>
        <h3 className="font-semibold">{t("history")}</h3>
        <ol className="mt-2 flex flex-col gap-2">
          {story.events.map((event) => (
            <EventLine key={`${event.at} ${event.event}`} event={event} />
          ))}
        </ol>
      </section>
      <section>
        <h3 className="font-semibold">{t("ledger")}</h3>
        <p className="text-ink-faint text-sm">{t("ledgerHint")}</p>
        <div className="mt-2 flex flex-col gap-3">
          {story.transactions.map((transaction) => (
            <TransactionBox key={transaction.id} transaction={transaction} />
          ))}
        </div>
      </section>
    </div>
  );
}

function Standing({ story }: { story: PayoutStory }) {
  const t = useText(text);
  const state = `state_${story.state}Text`;
  // What is not tried again says what the rail said, and nothing of trying again.
  const reason = isUnderway(story) || story.reason !== "rail_refused" ? `reason_${story.reason}` : "";
  return (
    <div role="status" className="flex flex-col items-start gap-2">
      <State payout={story} />
      {t.has(state) && <p className="text-ink-soft">{t(state)}</p>}
      {story.reason && (
        <p className="break-words">
          {t.has(reason) ? t(reason, { detail: story.detail }) : story.detail || story.reason}
        </p>
      )}
    </div>
  );
}

function Figures({ story }: { story: PayoutStory }) {
  const t = useText(text);
  const rows = [
    ...(story.source_currency && story.source_micros !== null
      ? [{ label: t("exchanged"), micros: story.source_micros, currency: story.source_currency }]
      : []),
    { label: t("gross"), micros: story.gross_micros, currency: story.currency },
    { label: t("fee"), micros: story.fee_micros, currency: story.currency },
    { label: t("net"), micros: story.net_micros, currency: story.currency },
  ];
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-[repeat(auto-fit,minmax(7rem,1fr))]">
      {rows.map(({ label, micros, currency }) => (
        <div key={label}>
          <dt className="text-ink-soft text-sm">{label}</dt>
          <dd className="font-semibold">
            <Money exact micros={micros} currency={currency} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function EventLine({ event }: { event: PayoutEvent }) {
  const t = useText(text);
  const format = useFormat();
  const name = `event_${event.event}`;
  const by = `by_${event.by}`;
  const said = event.detail.detail ?? event.detail.reason;
  return (
    <li className="flex flex-wrap items-baseline gap-x-3">
      <span className="font-medium">{t.has(name) ? t(name) : event.event}</span>
      <span className="text-ink-soft text-sm">{t.has(by) ? t(by) : event.by}</span>
      <time dateTime={event.at} className="text-ink-faint text-sm">
        {format.dateTime(event.at)}
      </time>
      {said && <span className="w-full break-words text-ink-soft text-sm">{said}</span>}
    </li>
  );
}

function TransactionBox({ transaction }: { transaction: PayoutTransaction }) {
  const l = useText(ledgerText);
  const kind = `kind_${transaction.kind}`;
  const name = (account: string) => {
    const key = `account_${account}`;
    return l.has(key) ? l(key) : account;
  };
  return (
    <div className="rounded-md border border-line px-4 py-3">
      <Link
        to="/wallet/postings/$id"
        params={{ id: String(transaction.id) }}
        search={{}}
        className="rounded-sm font-medium underline underline-offset-2 hover:text-accent"
      >
        {l.has(kind) ? l(kind) : transaction.kind}
      </Link>
      <dl className="mt-1 text-sm">
        {transaction.entries.map((entry) => (
          <div key={`${entry.account} ${entry.currency} ${entry.amount_micros}`} className="flex justify-between gap-4">
            <dt className="text-ink-soft">{name(entry.account)}</dt>
            <dd>
              <Money exact signed micros={entry.amount_micros} currency={entry.currency} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
