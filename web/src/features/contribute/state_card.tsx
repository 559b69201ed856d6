import { useNavigate } from "@tanstack/react-router";
import { Pause, Play, Square } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { nodesSetStatus } from "../../api";
import { describe } from "../../app/errors";
import { useLocale } from "../../app/locale";
import { session } from "../../app/session";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { Card } from "../../components/card";
import { cx } from "../../components/cx";
import { ErrorNotice } from "../../components/error_notice";
import { Progress } from "../../components/progress";
import { toast } from "../../components/toast";
import { deviceName } from "../../node/platform";
import type { Device } from "./device";
import { text } from "./messages";
import { noticeOf, problemWords } from "./problem_words";
import { announcement, sentence, useVoice, wordOf } from "./sentence";
import { SessionStats } from "./session_stats";
import { DOTS } from "./tones";

const LOGIN_CURES = ["logged_out", "token_expired", "token_invalid", "token_revoked"];

/** What this device does, why, and the buttons that change it. `resting`: it makes room for a measurement. */
export function StateCard({ device, resting }: { device: Device; resting: boolean }) {
  const voice = useVoice();
  const t = useText(text);
  const { state, view } = device;
  const { progress } = view;
  const word = wordOf(device);
  const said = resting ? voice.t("measuring_say") : sentence(device, voice);
  const live = state === "working" || state === "starting" || state === "connecting" || state === "stopping";
  return (
    <Card className="mb-4 lg:mb-6">
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-8">
        <div className="flex min-w-0 flex-col">
          <p className="truncate text-ink-faint">{t("deviceName", { name: view.name || deviceName() })}</p>
          <h2 className="mt-1 flex items-center gap-3 font-semibold text-2xl tracking-tight sm:text-3xl">
            <span aria-hidden className={cx("size-3 shrink-0 rounded-full", DOTS[word], live && "animate-pulse")} />
            {voice.t(resting ? "measuring" : word)}
          </h2>
          <div className="mt-2 min-h-18 max-w-prose text-base text-ink-soft sm:min-h-12">
            {state === "failed" ? <Failure device={device} /> : said}
            {state === "starting" && progress && progress.total > 0 && (
              <div className="mt-3 max-w-sm">
                <Progress value={progress.done} max={progress.total} label={voice.t("starting")} />
              </div>
            )}
          </div>
          <Buttons device={device} resting={resting} />
        </div>
        <SessionStats device={device} />
      </div>
      <Announcer device={device} />
    </Card>
  );
}

function Failure({ device }: { device: Device }) {
  const t = useText(problemWords);
  const { problem } = device.view;
  return <div className="text-ink text-sm">{problem && <ErrorNotice error={noticeOf(problem, t)} />}</div>;
}

/** A press changes the buttons; whoever works with keys stays among them. */
function Buttons({ device, resting }: { device: Device; resting: boolean }) {
  const { t } = useVoice();
  const group = useRef<HTMLFieldSetElement>(null);
  const press = (act: () => void) => () => {
    act();
    group.current?.focus();
  };
  const { node, state, view } = device;
  const goOn = useGoOn(device);
  const logIn = useLogIn();
  const stop = (
    <Button
      size="lg"
      variant="quiet"
      icon={<Square aria-hidden className="size-4" />}
      onClick={press(() => node.stop())}
    >
      {t("stop")}
    </Button>
  );
  const primary = (label: string, act: () => void, icon: ReactNode = <Play aria-hidden className="size-4" />) => (
    <Button size="lg" variant="primary" icon={icon} onClick={press(act)}>
      {label}
    </Button>
  );
  const shown = () => {
    switch (state) {
      case "idle":
        return primary(t("start"), () => node.start());
      case "failed":
        return LOGIN_CURES.includes(view.problem?.code ?? "")
          ? primary(t("logIn"), logIn, null)
          : primary(t("startAgain"), () => node.start());
      case "elsewhere":
        return primary(t("takeOver"), () => node.takeOver(), null);
      case "stopping":
        return null;
      case "starting":
        return stop;
      default:
        return (
          <>
            {view.reason === "owner_paused" && !resting ? (
              primary(t("goOn"), goOn)
            ) : (
              <Button
                size="lg"
                disabled={resting}
                icon={<Pause aria-hidden className="size-4" />}
                onClick={press(() => node.pause())}
              >
                {t("pause")}
              </Button>
            )}
            {stop}
          </>
        );
    }
  };
  return (
    <fieldset ref={group} tabIndex={-1} className="mt-5 flex min-h-12 flex-wrap gap-2 outline-none">
      <legend className="sr-only">{t(state)}</legend>
      {shown()}
    </fieldset>
  );
}

/** Whatever paused it: this page, or the list of nodes from afar. */
function useGoOn({ node, view }: Device): () => void {
  const locale = useLocale();
  return () => {
    node.resume();
    if (view.node === "") return;
    nodesSetStatus({ path: { node_id: view.node }, body: { status: "active" } }).catch((error: unknown) =>
      toast(describe(error, locale).message, { tone: "bad" }),
    );
  };
}

function useLogIn(): () => void {
  const navigate = useNavigate();
  return () => {
    void session.end().then(() => navigate({ to: "/login", search: { next: "/contribute" } }));
  };
}

/** For screen readers: changes of state, not the coming and going of tasks. */
function Announcer({ device }: { device: Device }) {
  const voice = useVoice();
  const before = useRef<Device | undefined>(undefined);
  const [said, say] = useState("");
  useEffect(() => {
    const words = before.current && announcement(before.current, device, voice);
    before.current = device;
    if (words !== undefined) say(words);
  });
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}
