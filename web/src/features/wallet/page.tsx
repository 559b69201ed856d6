import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { paymentsEarnings } from "../../api";
import { useSession } from "../../app/session";
import { useText } from "../../app/text";
import { ErrorNotice } from "../../components/error_notice";
import { PageHeader } from "../../components/page_header";
import { NOTHING } from "./account";
import { Balances } from "./balances";
import { Earned } from "./earned";
import { text } from "./messages";
import { Postings } from "./postings";

const EVERY_MS = 10_000;

export function Page() {
  const t = useText(text);
  const { account = "wallet" } = useSearch({ from: "/shell/wallet" });
  const money = useQuery({
    queryKey: ["wallet", "balances"],
    queryFn: ({ signal }) => paymentsEarnings({ query: { limit: 1 }, signal }),
    refetchInterval: EVERY_MS,
  });
  const balance = money.data && (money.data.balances[0] ?? NOTHING);
  return (
    <>
      <PageHeader title={t("title")}>{t("lead")}</PageHeader>
      <div className="flex flex-col gap-4 sm:gap-6">
        {money.isError && <ErrorNotice error={money.error} onRetry={() => void money.refetch()} />}
        {(balance || money.isPending) && <Balances balance={balance} chosen={account} />}
        <div className="grid gap-4 sm:gap-6 xl:grid-cols-[minmax(0,1fr)_23rem] xl:items-start">
          <Postings account={account} />
          <div className="flex min-w-0 flex-col gap-4 sm:gap-6">
            <Earned />
            <Filling />
          </div>
        </div>
      </div>
    </>
  );
}

/** How money comes in. */
function Filling() {
  const t = useText(text);
  const email = useSession()?.user.email ?? "";
  return (
    <section className="rounded-lg bg-sunken px-4 py-4 sm:px-5">
      <h2 className="font-semibold">{t("fillTitle")}</h2>
      <p className="mt-1 text-ink-soft">
        {t.rich("fillText", { email: <strong className="font-medium text-ink break-words">{email}</strong> })}
      </p>
    </section>
  );
}
