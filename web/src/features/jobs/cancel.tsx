import { type QueryClient, type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Job, type JobPage, jobsCancel } from "../../api";
import { describe } from "../../app/errors";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { toast } from "../../components/toast";
import { openTasks } from "./job";
import { words } from "./words";

/** Lists of jobs are cached under ["jobs", …], a job under ["job", id]. */
export const LISTS: QueryKey = ["jobs"];
export const jobKey = (id: string): QueryKey => ["job", id];

type Held = readonly (readonly [QueryKey, unknown])[];

/** Asks once more, then shows the job as cancelled before the coordinator has answered; a refusal takes that back. */
export function CancelDialog({ job, onClose }: { job: Job | undefined; onClose: () => void }) {
  const t = useText(words);
  const cancel = useCancel();
  const [shown, setShown] = useState(job);
  if (job !== undefined && job !== shown) setShown(job);
  const confirm = () => {
    if (job) cancel.mutate(job);
    onClose();
  };
  const actions = (
    <>
      <Button onClick={onClose}>{t("cancelNot")}</Button>
      <Button variant="danger" onClick={confirm}>
        {t("cancelConfirm")}
      </Button>
    </>
  );
  return (
    <Dialog
      open={job !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={t("cancelTitle")}
      actions={actions}
    >
      <p className="text-ink-soft">{shown && t("cancelText", { name: shown.name, open: openTasks(shown) })}</p>
    </Dialog>
  );
}

function useCancel() {
  const t = useText(words);
  const locale = useLocale();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (job: Job) => jobsCancel({ path: { job_id: job.id } }),
    onMutate: (job) => showCancelled(queries, job.id),
    onSuccess: (answer, job) => {
      queries.setQueryData(jobKey(job.id), answer);
      toast(t("wasCancelled", { name: job.name }));
    },
    onError: (error, job, held) => {
      for (const [key, data] of held ?? []) queries.setQueryData(key, data);
      const { message, hint } = describe(error, locale);
      toast(t("notCancelled", { name: job.name, why: `${message} ${hint}` }), { tone: "bad", stays: true });
    },
    onSettled: (_answer, _error, job) =>
      Promise.all([
        queries.invalidateQueries({ queryKey: LISTS }),
        queries.invalidateQueries({ queryKey: jobKey(job.id) }),
      ]),
  });
}

/** What the pages show of it becomes cancelled at once; returns what they showed before. */
export async function showCancelled(queries: QueryClient, id: string): Promise<Held> {
  const off = (job: Job): Job => (job.id === id ? { ...job, state: "cancelled", waiting: "" } : job);
  await Promise.all([
    queries.cancelQueries({ queryKey: LISTS }),
    queries.cancelQueries({ queryKey: jobKey(id), exact: true }),
  ]);
  const lists = queries.getQueriesData<JobPage>({ queryKey: LISTS });
  const one = queries.getQueryData<Job>(jobKey(id));
  queries.setQueriesData<JobPage>({ queryKey: LISTS }, (page) => page && { ...page, items: page.items.map(off) });
  queries.setQueryData<Job>(jobKey(id), (job) => job && off(job));
  return [...lists, [jobKey(id), one]];
}
