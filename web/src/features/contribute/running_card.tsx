import { useQuery } from "@tanstack/react-query";
import { Coffee, Cpu } from "lucide-react";
import type { ReactNode } from "react";
import { type NodeWhy, nodesWhyItWaits } from "../../api";
import { useFormat } from "../../app/format";
import { type Text, useText } from "../../app/text";
import { Badge } from "../../components/badge";
import { Card } from "../../components/card";
import type { Device } from "./device";
import { text } from "./messages";
import type { Work } from "./works";

const ASK_AGAIN_MS = 15_000;
type Words = Text<keyof typeof text.en>;

/** Whose work this device does right now, and what for. */
export function RunningCard({ device }: { device: Device }) {
  const t = useText(text);
  const { works } = device;
  return (
    <Card title={t("running")} flush>
      {works.length === 0 ? (
        <Nothing device={device} />
      ) : (
        <ul className="min-h-26 pb-2">
          {works.map((work) => (
            <WorkRow key={work.key} work={work} at={device.at} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function WorkRow({ work, at }: { work: Work; at: number }) {
  const t = useText(text);
  const format = useFormat();
  const seconds = Math.floor(Math.max(0, at - work.since) / 1_000);
  return (
    <li className="flex items-start justify-between gap-4 border-line border-b px-4 py-3 last:border-0 sm:px-5">
      <div className="min-w-0">
        <p className="font-medium break-words">{work.job || t("unnamed")}</p>
        <p className="text-ink-soft break-words">{work.purpose || t("noPurpose")}</p>
        <p className="mt-0.5 text-ink-faint text-xs break-words">
          {work.requester ? t("by", { requester: work.requester }) : t("byNobody")}
        </p>
      </div>
      <div className="flex shrink-0 flex-col items-end gap-1.5">
        <Badge>{runtimeName(work.runtime, t)}</Badge>
        <p className="text-right text-ink-faint text-xs tabular-nums">
          {t("onCores", { cores: work.cores })}
          <br />
          {t("runningFor", { time: format.duration(seconds) })}
        </p>
      </div>
    </li>
  );
}

/** `pyodide-314.0.7-225c023b` is Python to people; what nobody here knows keeps its own name. */
function runtimeName(id: string, t: Words): string {
  const key = `runtime_${id.split("-")[0]}`;
  return t.has(key) ? t(key) : id;
}

function Nothing({ device }: { device: Device }) {
  const t = useText(text);
  const said = {
    idle: [t("nothingIdle"), t("nothingIdleSay")],
    failed: [t("nothingIdle"), t("nothingIdleSay")],
    stopping: [t("nothingIdle"), t("nothingIdleSay")],
    starting: [t("nothingYet"), t("nothingYetSay")],
    connecting: [t("nothingYet"), t("nothingYetSay")],
    working: [t("nothingYet"), t("nothingYetSay")],
    paused: [t("nothingPaused"), t("nothingPausedSay")],
    elsewhere: [t("nothingElsewhere"), t("nothingElsewhereSay")],
  };
  if (device.state === "waiting") return <NoWork node={device.view.node} />;
  const [title, say] = said[device.state];
  return (
    <Empty icon={<Cpu className="size-5" />} title={title}>
      {say}
    </Empty>
  );
}

/** As high as a row, so that nothing jumps when work comes and goes. */
function Empty({ icon, title, children }: { icon: ReactNode; title: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-26 items-start gap-4 px-4 pt-1 pb-5 sm:px-5">
      <span aria-hidden className="grid size-10 shrink-0 place-items-center rounded-full bg-accent-soft text-accent">
        {icon}
      </span>
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        <p className="max-w-prose text-ink-soft">{children}</p>
      </div>
    </div>
  );
}

/** The coordinator says why a connected device has nothing to do. */
function NoWork({ node }: { node: string }) {
  const t = useText(text);
  const { data } = useQuery({
    queryKey: ["why", node],
    queryFn: ({ signal }) => nodesWhyItWaits({ path: { node_id: node }, signal }),
    enabled: node !== "",
    refetchInterval: ASK_AGAIN_MS,
  });
  return (
    <Empty icon={<Coffee className="size-5" />} title={t("nothingWaiting")}>
      {whyNoWork(data, t)}
    </Empty>
  );
}

/** In words, from the coordinator's codes. */
export function whyNoWork(why: Pick<NodeWhy, "code" | "jobs"> | undefined, t: Words): string {
  const reasons = Object.entries(why?.jobs ?? {})
    .sort(([, one], [, other]) => other - one)
    .map(([code]) => code);
  if (why?.code === "jobs" && reasons.length > 0) {
    const [only] = reasons;
    if (reasons.length === 1 && t.has(`why_${only}`)) return t(`why_${only}` as "why_seen");
    const said = reasons.map((code) => `not_${code}`).filter(t.has);
    if (said.length > 0) return t("why_jobs", { reasons: said.map((key) => t(key)).join("; ") });
  }
  const key = `why_${why?.code}`;
  return t.has(key) && why?.code !== "jobs" ? t(key) : t("why_other");
}
