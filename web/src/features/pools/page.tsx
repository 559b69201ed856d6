import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { poolsMine } from "../../api";
import { useText } from "../../app/text";
import { ErrorNotice } from "../../components/error_notice";
import { PageHeader } from "../../components/page_header";
import { Skeleton } from "../../components/skeleton";
import { Inside } from "./inside";
import { EVERY_MS, MINE } from "./keys";
import { text } from "./messages";
import { NewKeyDialog } from "./new_key";
import { Outside } from "./outside";

export function Page() {
  const t = useText(text);
  /** Lives here, above both views: founding a pool replaces one by the other. */
  const [key, setKey] = useState<string>();
  const mine = useQuery({
    queryKey: MINE,
    queryFn: ({ signal }) => poolsMine({ signal }),
    refetchInterval: EVERY_MS,
  });
  const pool = mine.data?.pool;
  return (
    <>
      <PageHeader title={pool?.name ?? t("title")}>{t(pool ? "leadInside" : "lead")}</PageHeader>
      {mine.isError && (
        <div className="mb-4">
          <ErrorNotice error={mine.error} onRetry={() => void mine.refetch()} />
        </div>
      )}
      {mine.isPending && <Loading />}
      {pool && <Inside pool={pool} onKey={setKey} />}
      {pool === null && <Outside onKey={setKey} />}
      <NewKeyDialog secret={key} onClose={() => setKey(undefined)} />
    </>
  );
}

function Loading() {
  return (
    <div className="grid gap-4 sm:gap-6 lg:grid-cols-2">
      <Skeleton className="h-80 rounded-lg" />
      <Skeleton className="h-80 rounded-lg" />
    </div>
  );
}
