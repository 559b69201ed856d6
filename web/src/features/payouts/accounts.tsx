import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { type PayoutAccount, type PayoutAccounts, type PayoutRails, paymentsClose, paymentsLink } from "../../api";
import { useText } from "../../app/text";
import { StatePill } from "../../components/badge";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { ConfirmDialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Skeleton } from "../../components/skeleton";
import { toast } from "../../components/toast";
import { BankDialog } from "./bank_dialog";
import { ConnectDialog } from "./connect_dialog";
import { ACCOUNTS } from "./keys";
import { text } from "./messages";
import { accountTone, wantWords } from "./state";

/** Where earnings go; undefined: on its way. */
export function Accounts(props: { accounts: readonly PayoutAccount[] | undefined; rails: PayoutRails | undefined }) {
  const { accounts, rails } = props;
  const t = useText(text);
  const none = accounts?.length === 0;
  return (
    <Card title={t("accounts")} hint={t("accountsHint")}>
      <Returned />
      {!accounts && <Skeleton className="h-16" />}
      {none && <p className="text-ink-soft">{t(rails?.stripe || rails?.manual ? "noAccounts" : "noRails")}</p>}
      <ul className="divide-y divide-line">
        {accounts?.map((account) => (
          <Account key={account.id} account={account} />
        ))}
      </ul>
      {accounts && rails && <Ways accounts={accounts} rails={rails} />}
    </Card>
  );
}

/** Whoever comes back from Stripe's pages wants to know how it stands: it is read there again, once. */
function Returned() {
  const t = useText(text);
  const { account } = useSearch({ from: "/shell/wallet/payouts" });
  const navigate = useNavigate({ from: "/wallet/payouts" });
  const queries = useQueryClient();
  const { mutate, ...read } = useMutation({
    mutationFn: (id: string) => paymentsLink({ path: { account_id: id } }),
    onSuccess: async (read) => {
      await queries.invalidateQueries({ queryKey: ACCOUNTS });
      // The list may have been under way before Stripe was asked: what was read there is newer.
      queries.setQueryData<PayoutAccounts>(ACCOUNTS, (listed) => listed && withAccount(listed, read));
      await navigate({ search: ({ account: _, ...old }) => old, replace: true, resetScroll: false });
    },
  });
  useEffect(() => {
    if (account) mutate(account);
  }, [account, mutate]);
  if (!account) return null;
  return (
    <div className="mb-4" role="status">
      {read.isError ? (
        <ErrorNotice error={read.error} onRetry={() => mutate(account)} />
      ) : (
        <p className="text-ink-soft">{t("checking")}</p>
      )}
    </div>
  );
}

function withAccount(listed: PayoutAccounts, read: PayoutAccount): PayoutAccounts {
  return { ...listed, items: listed.items.map((account) => (account.id === read.id ? read : account)) };
}

function Account({ account }: { account: PayoutAccount }) {
  const t = useText(text);
  const rail = `rail_${account.rail}`;
  const status = `status_${account.status}`;
  const todo = account.status === "pending" || account.status === "restricted" ? account.status : undefined;
  const wants = wantWords(account.wants);
  return (
    <li className="flex flex-col gap-2 py-3 first:pt-0">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="min-w-0">
          <span className="font-medium">{t.has(rail) ? t(rail) : account.rail}</span>
          <span className="block text-ink-faint text-sm break-words">
            {[account.holder, account.destination, account.currency.toUpperCase()].filter(Boolean).join(" · ")}
          </span>
        </p>
        <StatePill tone={accountTone(account.status)}>{t.has(status) ? t(status) : account.status}</StatePill>
      </div>
      {todo && <p className="text-ink-soft text-sm">{t(`${todo}Text`)}</p>}
      {todo && wants.length > 0 && (
        <p className="break-words text-ink-soft text-sm">{t("wants", { wants: wants.join("; ") })}</p>
      )}
      <div className="flex flex-wrap gap-2">
        {todo && account.rail === "stripe" && <GoOn account={account} />}
        <Remove account={account} />
      </div>
    </li>
  );
}

/** Links to Stripe's pages are good for minutes and for once: a fresh one is asked for when it is pressed. */
function GoOn({ account }: { account: PayoutAccount }) {
  const t = useText(text);
  const queries = useQueryClient();
  const link = useMutation({
    mutationFn: () => paymentsLink({ path: { account_id: account.id } }),
    onSuccess: ({ url }) => {
      if (url) globalThis.location.assign(url);
      else void queries.invalidateQueries({ queryKey: ACCOUNTS });
    },
  });
  return (
    <>
      <Button size="sm" variant="primary" busy={link.isPending} onClick={() => link.mutate()}>
        {t("goOn")}
      </Button>
      {link.isError && <ErrorNotice error={link.error} />}
    </>
  );
}

function Remove({ account }: { account: PayoutAccount }) {
  const t = useText(text);
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const close = useMutation({
    mutationFn: () => paymentsClose({ path: { account_id: account.id } }),
    onSuccess: () => {
      toast(t("removed"));
      setAsking(false);
      void queries.invalidateQueries({ queryKey: ["wallet"] });
    },
  });
  return (
    <>
      <Button size="sm" variant="quiet" onClick={() => setAsking(true)}>
        {t("remove")}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("removeTitle")}
        confirm={t("remove")}
        busy={close.isPending}
        onConfirm={() => close.mutate()}
      >
        {t("removeText")}
        {close.isError && (
          <div className="mt-4">
            <ErrorNotice error={close.error} />
          </div>
        )}
      </ConfirmDialog>
    </>
  );
}

/** One account for each way that this network pays by. */
function Ways({ accounts, rails }: { accounts: readonly PayoutAccount[]; rails: PayoutRails }) {
  const t = useText(text);
  const [asking, setAsking] = useState<"stripe" | "manual">();
  const has = (rail: string) => accounts.some((account) => account.rail === rail);
  const ways = (["stripe", "manual"] as const).filter((rail) => rails[rail] && !has(rail));
  if (ways.length === 0) return null;
  return (
    <div className="mt-4 flex flex-wrap gap-2">
      {ways.map((rail, place) => (
        <Button
          key={rail}
          variant={accounts.length === 0 && place === 0 ? "primary" : "secondary"}
          onClick={() => setAsking(rail)}
        >
          {t(rail === "stripe" ? "connect" : "bank")}
        </Button>
      ))}
      {asking === "stripe" && <ConnectDialog onClose={() => setAsking(undefined)} />}
      {asking === "manual" && <BankDialog onClose={() => setAsking(undefined)} />}
    </div>
  );
}
