import { Link } from "@tanstack/react-router";
import { ArrowLeft, CircleStop, Copy, Download, Ellipsis } from "lucide-react";
import type { Job } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Button, IconButton } from "../../components/button";
import { Menu } from "../../components/menu";
import { PageHeader } from "../../components/page_header";
import { toast } from "../../components/toast";
import { Ago } from "../../components/values";
import { endedTasks, isLive } from "../jobs/job";
import { JobState } from "../jobs/job_state";
import { saveResults } from "./download";
import { text } from "./messages";
import { SavingToast } from "./saving_toast";

export function BackToJobs() {
  const t = useText(text);
  return (
    <Link to="/jobs" search={{}} className="inline-flex items-center gap-1 rounded-sm hover:text-ink">
      <ArrowLeft aria-hidden className="size-3.5" />
      {t("back")}
    </Link>
  );
}

export function JobHeader({ job, onCancel }: { job: Job; onCancel: () => void }) {
  return (
    <PageHeader title={job.name} above={<BackToJobs />} actions={<Actions job={job} onCancel={onCancel} />}>
      {job.purpose && <p className="break-words">{job.purpose}</p>}
      <Facts job={job} />
    </PageHeader>
  );
}

function Facts({ job }: { job: Job }) {
  const t = useText(text);
  const format = useFormat();
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-faint text-sm">
      <JobState job={job} />
      <span>{t.rich("created", { ago: <Ago at={job.created_at} /> })}</span>
      {job.ended_at && <span>{t.rich("ended", { ago: <Ago at={job.ended_at} /> })}</span>}
      {job.deadline_at && isLive(job) && <span>{t("deadline", { time: format.dateTime(job.deadline_at) })}</span>}
    </div>
  );
}

function Actions({ job, onCancel }: { job: Job; onCancel: () => void }) {
  const t = useText(text);
  const more = (
    <IconButton label={t("more")}>
      <Ellipsis aria-hidden className="size-5" />
    </IconButton>
  );
  const items = [
    {
      label: t("copyId"),
      icon: <Copy aria-hidden className="size-4" />,
      onSelect: () => void copied(job.id).then((done) => toast(t(done ? "copied" : "notCopied"))),
    },
    {
      label: t("cancel"),
      icon: <CircleStop aria-hidden className="size-4" />,
      onSelect: onCancel,
      danger: true,
      disabled: !isLive(job),
    },
  ];
  return (
    <>
      <Results job={job} />
      <Menu trigger={more} items={items} />
    </>
  );
}

function Results({ job }: { job: Job }) {
  const t = useText(text);
  const trigger = (
    <Button disabled={endedTasks(job) === 0} icon={<Download aria-hidden className="size-4" />}>
      {t("download")}
    </Button>
  );
  const save = (format: "jsonl" | "csv") => () => {
    const saving = saveResults(job, format);
    const close = toast(<SavingToast saving={saving} onClose={() => close()} />, {
      stays: true,
      action: { label: t("saveStop"), onPress: () => saving.stop() },
    });
  };
  return (
    <Menu
      trigger={trigger}
      items={[
        { label: t("downloadJsonl"), onSelect: save("jsonl") },
        { label: t("downloadCsv"), onSelect: save("csv") },
      ]}
    />
  );
}

async function copied(id: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(id);
    return true;
  } catch {
    return false;
  }
}
