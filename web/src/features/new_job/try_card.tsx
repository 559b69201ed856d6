import { FlaskConical } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { ErrorNotice } from "../../components/error_notice";
import { Progress } from "../../components/progress";
import { text } from "./messages";
import { Notice } from "./notice";
import type { Trial, TrialResult, TrialStep, Tried } from "./try_here";

const TRIED = 3;

type State =
  | { readonly state: "idle" }
  | { readonly state: "busy"; readonly step: TrialStep | undefined; readonly stop: () => void }
  | { readonly state: "done"; readonly result: TrialResult; readonly calls: readonly string[]; readonly of: string }
  | { readonly state: "broken"; readonly error: unknown };

interface Props {
  /** Undefined while there is nothing to try. */
  readonly trial: ((count: number) => Promise<Trial>) | undefined;
  readonly count: number;
  /** The first calls in words. */
  readonly calls: readonly string[];
  /** Changes with program and inputs. */
  readonly mark: string;
  /** Seconds one input took, when all of them went well. */
  readonly onMeasured: (seconds: number) => void;
}

/** A dry run of the first inputs, so that a mistake is found before it costs anything. */
export function TryCard({ trial, count, calls, mark, onMeasured }: Props) {
  const t = useText(text);
  const [state, setState] = useState<State>({ state: "idle" });
  const end = useRef<AbortController>(undefined);
  useEffect(() => () => end.current?.abort(), []);
  const tries = Math.min(TRIED, count);
  const start = async () => {
    if (!trial) return;
    const control = new AbortController();
    end.current = control;
    const stop = () => {
      control.abort();
      setState({ state: "idle" });
    };
    setState({ state: "busy", step: undefined, stop });
    try {
      const { tryHere } = await import("./try_here");
      const onStep = (step: TrialStep) => !control.signal.aborted && setState({ state: "busy", step, stop });
      const result = await tryHere(await trial(tries), onStep, control.signal);
      setState({ state: "done", result, calls: calls.slice(0, tries), of: mark });
      if (result.outcomes.every(({ kind }) => kind !== "nothing")) onMeasured(result.seconds / tries);
    } catch (error) {
      if (!control.signal.aborted) setState({ state: "broken", error });
    }
  };
  const again = state.state === "done" || state.state === "broken";
  return (
    <Card
      title={t("try")}
      hint={t("tryHint")}
      actions={
        <Button
          disabled={!trial}
          busy={state.state === "busy"}
          icon={<FlaskConical aria-hidden className="size-4" />}
          onClick={() => void start()}
        >
          {again ? t("tryAgain") : t("tryButton", { count: Math.max(1, tries) })}
        </Button>
      }
      className={state.state === "idle" ? "pb-0 [&>div:last-child]:p-0 [&>header]:pb-4" : ""}
    >
      <Outcome state={state} stale={state.state === "done" && state.of !== mark} />
    </Card>
  );
}

function Outcome({ state, stale }: { state: State; stale: boolean }) {
  const t = useText(text);
  const format = useFormat();
  if (state.state === "idle") return null;
  if (state.state === "broken") return <Broken error={state.error} />;
  if (state.state === "busy") return <Busy step={state.step} stop={state.stop} />;
  const { outcomes, seconds } = state.result;
  return (
    <div className="flex flex-col gap-3" role="status">
      {stale && <Notice tone="info">{t("tryChanged")}</Notice>}
      <ol className="flex flex-col gap-3">
        {outcomes.map((outcome, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: results stand in the order of their inputs
          <li key={place} className="min-w-0 rounded-md border border-line">
            <p className="truncate border-line border-b bg-sunken/60 px-3 py-1.5 font-mono text-ink-soft text-xs">
              {state.calls[place]}
            </p>
            <Result outcome={outcome} />
          </li>
        ))}
      </ol>
      <p className="text-ink-faint text-xs">
        {t("tryTook", { count: outcomes.length, duration: format.duration(seconds) })}
      </p>
    </div>
  );
}

function Busy({ step, stop }: { step: TrialStep | undefined; stop: () => void }) {
  const t = useText(text);
  const format = useFormat();
  const fetching = step?.step === "fetching" ? step : undefined;
  const words = fetching
    ? t("tryFetched", { done: format.bytes(fetching.done), total: format.bytes(fetching.total) })
    : t(step?.step === "running" ? "tryRunning" : step ? "tryStarting" : "tryFetching");
  return (
    <div className="flex items-center gap-4">
      <div className="min-w-0 flex-1">
        <p className="mb-2 text-sm tabular-nums">{words}</p>
        <Progress value={fetching?.done} max={fetching?.total ?? 1} label={t("try")} />
      </div>
      <Button size="sm" onClick={stop}>
        {t("tryStop")}
      </Button>
    </div>
  );
}

function Broken({ error }: { error: unknown }) {
  const t = useText(text);
  const { code, message, hint } = error as { code?: string; message?: string; hint?: string };
  if (code !== "runtime_broken") return <ErrorNotice error={error} />;
  return (
    <Notice tone="bad">
      <p className="font-medium">{t("tryNoSandbox")}</p>
      <p className="text-ink-soft">{[message, hint].filter(Boolean).join(". ")}.</p>
    </Notice>
  );
}

function Result({ outcome }: { outcome: Tried }) {
  const t = useText(text);
  const format = useFormat();
  const label = (words: string, tone: string) => <span className={`mr-3 font-medium text-xs ${tone}`}>{words}</span>;
  switch (outcome.kind) {
    case "value":
      return (
        <p className="max-h-48 overflow-auto px-3 py-2 text-sm">
          {label(t("tryValue"), "text-accent")}
          <span className="break-words font-mono text-xs">{outcome.text}</span>
        </p>
      );
    case "bytes":
      return (
        <p className="px-3 py-2 text-sm">
          {label(t("tryValue"), "text-accent")}
          {t("tryBytes", { size: format.bytes(outcome.size) })}
        </p>
      );
    case "nothing":
      return (
        <p className="px-3 py-2 text-sm">
          {label(t("tryNothing"), "text-warn")}
          {t("tryLimits")}
        </p>
      );
    case "error":
      return (
        <div className="px-3 py-2 text-sm">
          {label(t("tryFailed"), "text-bad")}
          <span className="break-words font-mono text-xs">{outcome.text}</span>
          {outcome.trace && (
            <section
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by key
              tabIndex={0}
              aria-label={t("tryTrace")}
              className="mt-2 max-h-64 overflow-auto rounded-sm bg-sunken px-3 py-2"
            >
              <pre className="font-mono text-xs leading-5">{outcome.trace}</pre>
            </section>
          )}
        </div>
      );
  }
}
