import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { paymentsTrace, type Trace } from "../../api";
import { useText } from "../../app/text";
import { ErrorNotice } from "../../components/error_notice";
import { PageHeader } from "../../components/page_header";
import { Skeleton } from "../../components/skeleton";
import { shared } from "../wallet/shared_messages";
import { Cause } from "./cause";
import { Distribution } from "./distribution";
import { Entries } from "./entries";
import { text } from "./messages";
import { Settlement } from "./settlement";
import { Subject } from "./subject";

const PAGE = 25;

/** One transaction of the ledger, opened up: from a figure on the wallet to the votes that made it. */
export function Page() {
  const t = useText(text);
  const s = useText(shared);
  const { id } = useParams({ from: "/shell/wallet/postings/$id" });
  const { cursor } = useSearch({ from: "/shell/wallet/postings/$id" });
  const trace = useQuery({
    queryKey: ["wallet", "trace", id, cursor],
    queryFn: ({ signal }) =>
      paymentsTrace({ path: { transaction_id: Number(id) }, query: { limit: PAGE, cursor: cursor ?? null }, signal }),
    placeholderData: (old) => (String(old?.transaction_id) === id ? old : undefined),
  });
  const above = (
    <Link to="/wallet" search={{}} className="rounded-sm hover:text-accent">
      {s("toWallet")}
    </Link>
  );
  return (
    <>
      <PageHeader title={t("title", { id })} above={above}>
        {t("lead")}
      </PageHeader>
      {trace.isError && <ErrorNotice error={trace.error} onRetry={() => void trace.refetch()} />}
      {trace.isPending && <Skeleton className="h-64" />}
      {trace.data && <Shown trace={trace.data} />}
    </>
  );
}

function Shown({ trace }: { trace: Trace }) {
  return (
    <div className="grid gap-4 sm:gap-6 xl:grid-cols-[minmax(0,1fr)_23rem] xl:items-start">
      <div className="flex min-w-0 flex-col gap-4 sm:gap-6">
        <Entries trace={trace} />
        {trace.settlement && <Settlement trace={trace} settlement={trace.settlement} />}
        {trace.distribution && <Distribution trace={trace} distribution={trace.distribution} />}
      </div>
      <div className="flex min-w-0 flex-col gap-4 sm:gap-6">
        <Cause trace={trace} />
        {trace.subject && <Subject subject={trace.subject} />}
      </div>
    </div>
  );
}
