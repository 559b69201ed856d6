import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Funding, paymentsListing } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { StatePill } from "../../components/badge";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { ErrorNotice } from "../../components/error_notice";
import { Money } from "../../components/values";
import { words } from "../../components/words";
import { fundingText } from "./funding_messages";
import { isUnderway, TONES, wordOf } from "./funding_state";

const PAGE = 5;
const EVERY_MS = 10_000;

/** The money somebody added, in every currency. Nothing while there is none. */
export function Fundings() {
  const t = useText(fundingText);
  const w = useText(words);
  const fundings = useInfiniteQuery({
    queryKey: ["wallet", "fundings"],
    queryFn: ({ pageParam, signal }) => paymentsListing({ query: { limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: EVERY_MS,
  });
  const items = fundings.data?.pages.flatMap((page) => page.items) ?? [];
  if (!fundings.isError && items.length === 0) return null;
  return (
    <Card title={t("title")} hint={t("hint")}>
      {fundings.isError && <ErrorNotice error={fundings.error} onRetry={() => void fundings.refetch()} />}
      <ul className="-my-2 divide-y divide-line">
        {items.map((funding) => (
          <Row key={funding.id} funding={funding} />
        ))}
      </ul>
      {fundings.hasNextPage && (
        <Button
          size="sm"
          className="mt-4"
          busy={fundings.isFetchingNextPage}
          onClick={() => void fundings.fetchNextPage()}
        >
          {w("older")}
        </Button>
      )}
    </Card>
  );
}

function Row({ funding }: { funding: Funding }) {
  const t = useText(fundingText);
  const format = useFormat();
  const word = wordOf(funding);
  const { amount_micros: amount, refunded_micros: back, currency } = funding;
  const at = format.dateTime(funding.created_at);
  return (
    <li className="py-2">
      <Link
        to="/wallet"
        search={({ paid: _, ...old }) => ({ ...old, funding: funding.id })}
        className="-mx-2 flex flex-wrap items-center justify-between gap-x-3 gap-y-1 rounded-md px-2 py-1 hover:bg-sunken"
      >
        <span className="min-w-0">
          <span className="block font-medium">
            <Money micros={amount} currency={currency} />
          </span>
          <span className="block text-ink-faint text-xs">
            {at}
            {back > 0 && word === "paid" && <> · {t("partBack", { amount: format.money(back, currency) })}</>}
          </span>
        </span>
        <StatePill tone={TONES[word]} live={isUnderway(funding)}>
          {t(`state_${word}`)}
        </StatePill>
      </Link>
    </li>
  );
}
