import { Link } from "@tanstack/react-router";
import { Hourglass, TrendingUp, Wallet } from "lucide-react";
import type { Balance } from "../../api";
import { useText } from "../../app/text";
import { cx } from "../../components/cx";
import { Skeleton } from "../../components/skeleton";
import { Money } from "../../components/values";
import { ACCOUNTS, type Account } from "./account";
import { text } from "./messages";

const ICONS = { wallet: Wallet, held: Hourglass, earnings: TrendingUp } as const;

/** The three balances; choosing one shows what stands behind it. `balance` undefined: on its way. */
export function Balances({ balance, chosen }: { balance: Balance | undefined; chosen: Account }) {
  const t = useText(text);
  return (
    <nav aria-label={t("accounts")} className="grid gap-2 sm:grid-cols-3 sm:gap-4">
      {ACCOUNTS.map((account) => (
        <BalanceCard key={account} account={account} balance={balance} on={account === chosen} />
      ))}
    </nav>
  );
}

function BalanceCard({ account, balance, on }: { account: Account; balance: Balance | undefined; on: boolean }) {
  const t = useText(text);
  const Icon = ICONS[account];
  return (
    <Link
      to="/wallet"
      search={({ before: _, ...old }) => ({ ...old, account })}
      resetScroll={false}
      aria-current={on ? "true" : undefined}
      className={cx(
        "block min-w-0 rounded-lg border bg-surface p-4 shadow-card transition-colors sm:p-5",
        on ? "border-accent" : "border-line hover:border-line-strong",
      )}
    >
      <span className="flex items-baseline justify-between gap-4 sm:block">
        <span className={cx("flex items-center gap-2 font-medium text-sm", on ? "text-accent" : "text-ink-soft")}>
          <Icon aria-hidden className="size-4 shrink-0" />
          {t(account)}
        </span>
        <span className="block shrink-0 whitespace-nowrap font-semibold text-xl tracking-tight sm:mt-2 sm:text-2xl">
          {balance ? (
            <Money micros={balance[`${account}_micros`]} currency={balance.currency} />
          ) : (
            <Skeleton className="h-7 w-24 sm:h-8.5 sm:w-32" />
          )}
        </span>
      </span>
      <span className="mt-1 block text-ink-faint text-sm">{t(`${account}Hint`)}</span>
    </Link>
  );
}
