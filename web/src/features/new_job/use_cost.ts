import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type Estimate, jobsEstimate, paymentsEarnings } from "../../api";
import { microsOf } from "./amounts";
import { type Draft, POLICIES, type Policy } from "./draft";
import { priceOf } from "./order";

const QUIET_MS = 350;

export interface Cost {
  /** Of the draft as it is; undefined while it is asked for, or when there is nothing to estimate. */
  readonly estimate: Estimate | undefined;
  /** Whether it is of the draft as it is now, not of a moment ago. */
  readonly fresh: boolean;
  readonly error: unknown;
  /** Paid votes a task needs when nobody disagrees. */
  readonly votes: Partial<Record<Policy, number>>;
  /** The network's share of a price, 0..1. */
  readonly feeShare: number | undefined;
  readonly walletMicros: number | undefined;
  readonly currency: string;
  /** Of jobs that name none; undefined while it is asked for. */
  readonly homeCurrency: string | undefined;
  /** What a job can be paid in: the network's currency and those the wallet holds. */
  readonly currencies: readonly string[];
  /** Asks for it anew. */
  suggestedBudget(): Promise<number>;
}

/** What the coordinator says a draft costs, before anything is ordered. */
export function useCost(draft: Draft, count: number): Cost {
  const rules = useRules();
  const possible = count > 0 && (draft.policy === "trusted" || Boolean(microsOf(draft.price)));
  const wanted = useQuiet(possible ? bodyOf(draft, count) : "");
  const estimate = useQuery({
    queryKey: ["estimate", wanted],
    queryFn: ({ signal }) => jobsEstimate({ body: JSON.parse(wanted), signal }),
    enabled: wanted !== "",
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
  const wallet = useQuery({
    queryKey: ["wallet", "balance"],
    queryFn: ({ signal }) => paymentsEarnings({ query: { limit: 1 }, signal }),
  });
  const known = possible ? estimate.data : undefined;
  const balances = wallet.data?.balances ?? [];
  const currency = draft.currency || rules.homeCurrency || balances[0]?.currency || "usd";
  const mine = balances.find((balance) => balance.currency === currency);
  const filled = balances.filter(({ wallet_micros }) => wallet_micros > 0).map((balance) => balance.currency);
  return {
    estimate: known,
    fresh: possible && !estimate.isPlaceholderData && wanted === bodyOf(draft, count),
    error: estimate.error,
    suggestedBudget: async () => (await jobsEstimate({ body: JSON.parse(bodyOf(draft, count)) })).budget_micros,
    ...rules,
    walletMicros: wallet.data && (mine?.wallet_micros ?? 0),
    currency,
    currencies: [...new Set([rules.homeCurrency ?? currency, ...filled, currency])],
  };
}

function bodyOf(draft: Draft, count: number): string {
  return JSON.stringify({ n: count, policy: draft.policy, ...priceOf(draft) });
}

/** What never changes while the page is open, from estimates of one task. */
function useRules(): Pick<Cost, "votes" | "feeShare" | "homeCurrency"> {
  const asked = useQueries({
    queries: POLICIES.map((policy) => ({
      queryKey: ["estimate", "rule", policy],
      queryFn: () => jobsEstimate({ body: { n: 1, price_micros: policy === "trusted" ? 0 : 10_000, policy } }),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  const found = POLICIES.map((policy, place) => [policy, asked[place]?.data?.quorum] as const);
  const votes = Object.fromEntries(found.filter(([, quorum]) => quorum !== undefined));
  const { fee_micros: fee, currency: homeCurrency } = asked[0]?.data ?? {};
  return { votes, feeShare: fee === undefined ? undefined : fee / 10_000, homeCurrency };
}

/** A value once it has not changed for a moment. */
function useQuiet(value: string): string {
  const [quiet, setQuiet] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(value), QUIET_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return quiet;
}
