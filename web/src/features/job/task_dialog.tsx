import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Job } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNotice } from "../../components/error_notice";
import { Skeleton, SkeletonText } from "../../components/skeleton";
import { text } from "./messages";
import { useTask } from "./queries";
import { TaskView } from "./task_view";

/** One task over the page; which one is in the address. */
export function TaskDialog({ job }: { job: Job }) {
  const t = useText(text);
  const format = useFormat();
  const { task } = useSearch({ from: "/shell/jobs/$jobId" });
  const navigate = useNavigate({ from: "/jobs/$jobId" });
  const shown = useLast(task);
  const show = (next: number | undefined, replace: boolean) =>
    void navigate({ search: (old) => ({ ...old, task: next }), replace, resetScroll: false });
  if (shown === undefined) return null;
  const step = (by: number) => () => show(shown + by, true);
  const actions = (
    <>
      <Button size="sm" disabled={shown <= 0} onClick={step(-1)} icon={<ChevronLeft aria-hidden className="size-4" />}>
        {t("previous")}
      </Button>
      <Button size="sm" disabled={shown + 1 >= job.total} onClick={step(1)}>
        {t("next")}
        <ChevronRight aria-hidden className="size-4" />
      </Button>
    </>
  );
  return (
    <Dialog
      wide
      open={task !== undefined}
      onOpenChange={(open) => !open && show(undefined, true)}
      title={t("task", { index: format.number(shown) })}
      hint={t("taskHint", { name: job.name })}
      actions={actions}
    >
      <div className="min-h-[min(26rem,55dvh)]">
        <Content job={job} index={shown} />
      </div>
    </Dialog>
  );
}

function Content({ job, index }: { job: Job; index: number }) {
  const t = useText(text);
  const format = useFormat();
  const { data, error, refetch } = useTask(job.id, index);
  if (data) return <TaskView job={job} found={data} />;
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === null) return <p className="text-ink-soft">{t("noTask", { index: format.number(index) })}</p>;
  return (
    <div className="flex flex-col gap-6">
      <Skeleton className="h-6 w-40" />
      <SkeletonText lines={4} />
      <SkeletonText lines={3} />
    </div>
  );
}

/** Stays while the window fades. */
function useLast(task: number | undefined): number | undefined {
  const [last, setLast] = useState(task);
  if (task !== undefined && task !== last) setLast(task);
  return task ?? last;
}
