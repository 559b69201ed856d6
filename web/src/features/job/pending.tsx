import { ApiError } from "../../api";
import { useText } from "../../app/text";
import { Card } from "../../components/card";
import { ErrorNotice } from "../../components/error_notice";
import { PageHeader } from "../../components/page_header";
import { Skeleton, SkeletonText } from "../../components/skeleton";
import { BackToJobs } from "./header";
import { text } from "./messages";

/** The page's shape while the job is on its way. */
export function JobPending() {
  const t = useText(text);
  return (
    <div role="status" aria-label={t("title")} className="flex flex-col gap-4 lg:gap-6">
      <div className="flex flex-col gap-3">
        <Skeleton className="h-5 w-16" />
        <Skeleton className="h-9 w-72 max-w-full" />
        <Skeleton className="h-5 w-56" />
      </div>
      <Card title={t("progress")}>
        <SkeletonText lines={5} />
      </Card>
      <div className="grid gap-4 lg:grid-cols-2 lg:gap-6">
        <Card title={t("cost")}>
          <SkeletonText lines={4} />
        </Card>
        <Card title={t("quality")}>
          <SkeletonText lines={4} />
        </Card>
      </div>
      <Card title={t("tasks")}>
        <Skeleton className="h-120" />
      </Card>
    </div>
  );
}

/** There is no such job, or it cannot be read now. */
export function JobMissing({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useText(text);
  const retry = error instanceof ApiError && error.retryable ? { onRetry } : {};
  return (
    <>
      <PageHeader title={t("title")} above={<BackToJobs />} />
      <ErrorNotice error={error} {...retry} />
    </>
  );
}
