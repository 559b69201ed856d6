import { useBlocker, useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useRef, useState } from "react";
import type { Estimate } from "../../api";
import { useSession } from "../../app/session";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { PageHeader } from "../../components/page_header";
import { Skeleton } from "../../components/skeleton";
import { toast } from "../../components/toast";
import type { Change, Draft } from "./draft";
import { InputsCard } from "./inputs_card";
import { text } from "./messages";
import { countryName } from "./more_terms";
import { countOf, entryOf, type Problem, problemsOf } from "./order";
import { parcelOf, trialOf } from "./parcel";
import { type Part, ProgramCard } from "./program_card";
import { functionsOf } from "./python";
import { SendingCard } from "./sending_card";
import { Summary } from "./summary";
import { TermsCard } from "./terms_card";
import { TryCard } from "./try_card";
import { useCost } from "./use_cost";
import { freshDraft, useDraft } from "./use_draft";
import { useInputs } from "./use_inputs";
import { type SubmissionInUse, useSubmission } from "./use_submission";

export function Page() {
  const t = useText(text);
  const { draft, change, done } = useDraft(useSession()?.user.id ?? "");
  return (
    <>
      <PageHeader title={t("title")}>{t("lead")}</PageHeader>
      {draft ? <Form draft={draft} change={change} done={done} /> : <Loading />}
    </>
  );
}

function Loading() {
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Skeleton className="h-96 rounded-lg" />
      <Skeleton className="h-80 rounded-lg" />
    </div>
  );
}

function Form({ draft, change, done }: { draft: Draft; change: Change; done: () => Promise<void> }) {
  const t = useText(text);
  const element = useRef<HTMLDivElement>(null);
  const [measuredS, setMeasuredS] = useState<number>();
  const { submission, isFinished } = useHandingOver(done);
  const { inputs, functions, entry, count, cost, problems } = useReading(draft);
  const { asked, setAsked, wrong } = useProblemWords(problems);
  const { sending } = submission;
  const start = () => {
    setAsked(true);
    if (problems.length > 0) return showFirst(element.current);
    void parcelOf(draft, inputs.payloads(), cost.suggestedBudget).then(submission.start);
  };
  const clear = () => {
    change(freshDraft());
    setAsked(false);
    toast(t("cleared"), { action: { label: t("undo"), onPress: () => change(draft) } });
  };
  const part: Part = { draft, change, wrong };
  return (
    <div ref={element} className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <fieldset disabled={sending.state !== "none"} className="flex min-w-0 flex-col gap-6">
        <ProgramCard {...part} functions={functions} />
        <InputsCard {...part} inputs={inputs} entry={entry?.name ?? ""} />
        <TryCard {...trialOf(draft, inputs, entry)} onMeasured={setMeasuredS} />
        <TermsCard {...part} {...{ cost, count, functions, entry, measuredS }} />
      </fieldset>
      <aside className="lg:sticky lg:top-20">
        {sending.state === "none" ? (
          <Summary {...{ draft, count, cost }} problems={asked ? problems : []} onStart={start} onClear={clear} />
        ) : (
          <SendingCard sending={sending} submission={submission} />
        )}
      </aside>
      <LeaveGuard submission={submission} isFinished={isFinished} />
    </div>
  );
}

/** What a draft amounts to: its functions, its tasks, its cost, and what is wrong with it. */
function useReading(draft: Draft) {
  const inputs = useInputs(draft);
  const functions = useMemo(() => functionsOf(draft.source), [draft.source]);
  const entry = entryOf(draft, functions);
  const count = countOf(draft, inputs.outcome);
  const cost = useCost(draft, count);
  const problems = problemsOf(draft, {
    inputs: inputs.outcome,
    estimateMicros: cost.fresh && cost.estimate ? mostOf(cost.estimate) : undefined,
    isCountry: (code) => countryName(code, "en") !== undefined,
  });
  return { inputs, functions, entry, count, cost, problems };
}

/** When everybody is in time for the bonus. */
function mostOf({ estimate_micros, bonuses_micros }: Estimate): number {
  return estimate_micros + bonuses_micros;
}

/** Missing things are told when somebody wants to start; wrong ones as soon as they are typed. */
function useProblemWords(problems: readonly Problem[]) {
  const t = useText(text);
  const [asked, setAsked] = useState(false);
  const wrong = (field: Problem["field"]) => {
    const found = problems.find((problem) => problem.field === field);
    return found && (asked || isTyped(found)) ? t(found.words, found.values) : undefined;
  };
  return { asked, setAsked, wrong };
}

/** The way to the coordinator, and from there to the page of the job. */
function useHandingOver(done: () => Promise<void>) {
  const t = useText(text);
  const navigate = useNavigate();
  const finished = useRef(false);
  const onDone = useCallback(
    async (jobId: string) => {
      finished.current = true;
      await done();
      toast(t("started"));
      await navigate({ to: "/jobs/$jobId", params: { jobId }, search: {} });
    },
    [done, navigate, t],
  );
  return { submission: useSubmission(onDone), isFinished: () => finished.current };
}

/** Half a job is not left behind unnoticed. */
function LeaveGuard({ submission, isFinished }: { submission: SubmissionInUse; isFinished: () => boolean }) {
  const t = useText(text);
  const isBusy = () => submission.sending.state !== "none" && !isFinished();
  const blocker = useBlocker({ shouldBlockFn: isBusy, enableBeforeUnload: isBusy, withResolver: true });
  const [leaving, setLeaving] = useState(false);
  const leave = async () => {
    setLeaving(true);
    await submission.withdraw().catch(() => undefined);
    blocker.proceed?.();
  };
  const actions = (
    <>
      <Button onClick={() => blocker.reset?.()}>{t("stay")}</Button>
      <Button variant="danger" busy={leaving} onClick={() => void leave()}>
        {t("leaveConfirm")}
      </Button>
    </>
  );
  return (
    <Dialog
      open={blocker.status === "blocked"}
      onOpenChange={(open) => !open && blocker.reset?.()}
      title={t("leaveTitle")}
      hint={t("leave")}
      actions={actions}
    />
  );
}

function isTyped({ words }: Problem): boolean {
  return !["noSource", "noModule", "noVerifier", "noInputs", "inputsUnreadable", "noBonusWithin"].includes(words);
}

function showFirst(form: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const first = form?.querySelector<HTMLElement>("[data-invalid] textarea, [data-invalid] input, [role=alert]");
    first?.scrollIntoView({ block: "center" });
    first?.focus({ preventScroll: true });
  });
}
