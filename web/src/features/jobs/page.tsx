import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ListChecks, Plus, SearchX } from "lucide-react";
import { useState } from "react";
import { type Job, jobsListJobs } from "../../api";
import { useText } from "../../app/text";
import { LinkButton } from "../../components/button";
import { Card } from "../../components/card";
import { EmptyState } from "../../components/empty_state";
import { ErrorNotice } from "../../components/error_notice";
import { PageHeader } from "../../components/page_header";
import { Pager } from "../../components/pager";
import { CancelDialog, LISTS } from "./cancel";
import { Filters } from "./filters";
import { isLive } from "./job";
import { text } from "./messages";
import { type JobsSearch, queryOf } from "./search";
import { JobTable } from "./table";

const MOVING_MS = 3_000;

/** One's own jobs, newest first. */
export function Page() {
  const t = useText(text);
  const search = useSearch({ from: "/shell/jobs" });
  const navigate = useNavigate({ from: "/jobs" });
  const found = useJobs(search);
  const [cancelling, setCancelling] = useState<Job>();
  const filtered = Boolean(search.q || search.state || search.runtime);
  const bare = found.data?.items.length === 0 && !filtered && !search.cursor;
  const goTo = (cursor: string | undefined) => void navigate({ search: (old) => ({ ...old, cursor }) });
  return (
    <>
      <PageHeader title={t("title")} actions={<NewJob />}>
        {t("lead")}
      </PageHeader>
      {found.error && !found.data ? (
        <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Card flush>
          {!bare && <Filters />}
          <div className={found.isPlaceholderData ? "opacity-55 transition-opacity delay-150" : "transition-opacity"}>
            <JobTable jobs={found.data?.items} empty={<Nothing filtered={filtered} />} onCancel={setCancelling} />
          </div>
          <Pager
            moved={search.cursor !== undefined}
            next={found.data?.next_cursor}
            onFirst={() => goTo(undefined)}
            onNext={goTo}
          />
        </Card>
      )}
      <CancelDialog job={cancelling} onClose={() => setCancelling(undefined)} />
    </>
  );
}

/** Asks again while something of what it shows may change. */
function useJobs(search: JobsSearch) {
  const query = queryOf(search);
  return useQuery({
    queryKey: [...LISTS, query],
    queryFn: ({ signal }) => jobsListJobs({ query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some(isLive) ? MOVING_MS : false),
  });
}

function NewJob() {
  const t = useText(text);
  return (
    <LinkButton to="/jobs/new" search={{}} variant="primary" icon={<Plus aria-hidden className="size-4" />}>
      {t("newJob")}
    </LinkButton>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const t = useText(text);
  if (!filtered) {
    return (
      <EmptyState icon={<ListChecks className="size-6" />} title={t("none")} action={<NewJob />}>
        {t("noneHint")}
      </EmptyState>
    );
  }
  const all = (
    <LinkButton to="/jobs" search={{}}>
      {t("clear")}
    </LinkButton>
  );
  return (
    <EmptyState icon={<SearchX className="size-6" />} title={t("noneFound")} action={all}>
      {t("noneFoundHint")}
    </EmptyState>
  );
}
