import { useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Job } from "../../api";
import { ErrorNotice } from "../../components/error_notice";
import { CancelDialog } from "../jobs/cancel";
import { isLive } from "../jobs/job";
import { CostCard } from "./cost_card";
import { DetailsCard } from "./details_card";
import { JobHeader } from "./header";
import { JobMissing, JobPending } from "./pending";
import { ProgressCard } from "./progress_card";
import { QualityCard } from "./quality_card";
import { tasksKey, useJob } from "./queries";
import { TaskDialog } from "./task_dialog";
import { TasksCard } from "./tasks_card";
import { WhyCard } from "./why_card";

/** One job: how far it is, what it costs, how sure its results are, and every task of it. */
export function Page() {
  const { jobId } = useParams({ from: "/shell/jobs/$jobId" });
  const found = useJob(jobId);
  if (found.data) return <Found job={found.data} at={found.dataUpdatedAt} error={found.error} />;
  if (found.error) return <JobMissing error={found.error} onRetry={() => void found.refetch()} />;
  return <JobPending />;
}

function Found({ job, at, error }: { job: Job; at: number; error: unknown }) {
  const [cancelling, setCancelling] = useState(false);
  const live = isLive(job);
  useFreshAtTheEnd(job.id, live);
  return (
    <>
      <JobHeader job={job} onCancel={() => setCancelling(true)} />
      <div className="flex flex-col gap-4 lg:gap-6">
        {error ? <ErrorNotice error={error} /> : null}
        <ProgressCard key={job.id} job={job} at={at} />
        {live && job.waiting ? <WhyCard job={job} /> : null}
        <div className="grid gap-4 lg:grid-cols-2 lg:gap-6">
          <CostCard job={job} />
          <QualityCard job={job} />
        </div>
        <TasksCard job={job} />
        <DetailsCard job={job} />
      </div>
      <TaskDialog job={job} />
      <CancelDialog job={cancelling ? job : undefined} onClose={() => setCancelling(false)} />
    </>
  );
}

/** What was last read of the tasks while they changed is not how they ended. */
function useFreshAtTheEnd(jobId: string, live: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!live) void queries.invalidateQueries({ queryKey: tasksKey(jobId) });
  }, [queries, jobId, live]);
}
