import { useMutation } from "@tanstack/react-query";
import { Check, Copy, Download } from "lucide-react";
import { useState } from "react";
import type { Job, Preview, Task, TaskError } from "../../api";
import { useText } from "../../app/text";
import { Button, IconButton } from "../../components/button";
import { cx } from "../../components/cx";
import { ErrorNotice } from "../../components/error_notice";
import { Bytes } from "../../components/values";
import { words } from "../../components/words";
import type { Plain } from "../../values/value";
import { saveResult } from "./download";
import { argumentText, outcomeText } from "./exactly";
import { text } from "./messages";
import { errorWords } from "./remark";

/** Something to read in the letters of a terminal, and to take along. `lines`: where its own lines end means something. */
function Letters({ children, label, lines = false }: { children: string; label: string; lines?: boolean }) {
  const t = useText(words);
  const [copied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard.writeText(children).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <div className="relative rounded-md bg-sunken">
      <section
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
        className="max-h-80 overflow-auto rounded-md py-3 pr-12 pl-4"
      >
        <pre className={cx("font-mono text-xs leading-5", !lines && "whitespace-pre-wrap break-words")}>{children}</pre>
      </section>
      <IconButton label={t(copied ? "copied" : "copy")} onClick={copy} className="absolute top-1 right-2">
        {copied ? <Check aria-hidden className="size-4 text-accent" /> : <Copy aria-hidden className="size-4" />}
      </IconButton>
    </div>
  );
}

export function ErrorBox({ error }: { error: TaskError }) {
  const t = useText(text);
  return (
    <div className="flex flex-col gap-2">
      <p className="break-words font-medium text-bad">{errorWords(t, error.type, error.message)}</p>
      {error.traceback && (
        <Letters lines label={t("error")}>
          {error.traceback}
        </Letters>
      )}
    </div>
  );
}

export function ArgumentBox(props: { job: Job; preview: Preview; exact: Plain | undefined }) {
  const { job, preview, exact } = props;
  const t = useText(text);
  if (preview.note || exact === undefined) return <Unshown preview={preview} />;
  return <Letters label={t("given")}>{argumentText(job.runtime, exact)}</Letters>;
}

/** The result as the task returned it; what cannot be shown can be saved. */
export function ResultBox({ job, task }: { job: Job; task: Task }) {
  const t = useText(text);
  const shown = outcomeText(job.runtime, task.outcome);
  if (shown !== undefined) return <Letters label={t("result")}>{shown}</Letters>;
  if (!task.result) return <p className="text-ink-soft">{t("nothing")}</p>;
  return (
    <div className="flex flex-col items-start gap-3">
      <Unshown preview={task.result} />
      <SaveBytes job={job} task={task} />
    </div>
  );
}

function Unshown({ preview }: { preview: Preview }) {
  const t = useText(text);
  return (
    <p className="text-ink-soft">
      {t.rich("cannotShow", { why: preview.note ?? "", bytes: <Bytes count={preview.size} /> })}
    </p>
  );
}

function SaveBytes({ job, task }: { job: Job; task: Task }) {
  const t = useText(text);
  const save = useMutation({ mutationFn: () => saveResult(job, task) });
  return (
    <>
      <Button
        size="sm"
        busy={save.isPending}
        onClick={() => save.mutate()}
        icon={<Download aria-hidden className="size-4" />}
      >
        {t("saveBytes")}
      </Button>
      {save.error && <ErrorNotice error={save.error} onRetry={() => save.mutate()} />}
    </>
  );
}
