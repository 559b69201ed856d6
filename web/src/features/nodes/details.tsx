import { Pause, Pencil, Play } from "lucide-react";
import type { ReactNode } from "react";
import type { Node } from "../../api";
import { useFormat } from "../../app/format";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { Button } from "../../components/button";
import { CopyField } from "../../components/copy_field";
import { Dialog } from "../../components/dialog";
import { InfoTip } from "../../components/info_tip";
import { Bytes, Money } from "../../components/values";
import { useSwitch } from "./change";
import { countryName, platformWords, runtimeWords } from "./device";
import { Cores, Seen, Speed } from "./figures";
import { text } from "./messages";
import { Marks } from "./name_view";
import type { Asking } from "./node_menu";
import { stateOf } from "./state";
import { NodeReason, NodeState } from "./state_view";
import { Why } from "./why";

/** All there is to know about a node, over the list. `node` undefined: there is none of that id. */
export function Details(props: { node: Node | undefined; onAsk: (asking: Asking) => void; onClose: () => void }) {
  const { node, onAsk, onClose } = props;
  const t = useText(text);
  const change = (open: boolean) => open || onClose();
  if (!node) return <Dialog open onOpenChange={change} title={t("gone")} hint={t("goneText")} />;
  const title = (
    <span className="flex flex-wrap items-center gap-2 break-words">
      {node.name} <Marks node={node} />
    </span>
  );
  const actions = node.status !== "retired" && <Actions node={node} onAsk={onAsk} />;
  return (
    <Dialog open onOpenChange={change} title={title} actions={actions || undefined} wide>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-soft">
        <NodeState node={node} />
        <NodeReason node={node} />
      </p>
      <div className="mt-5 flex flex-col gap-6">
        <Why node={node} />
        {stateOf(node) !== "expelled" && node.expelled.length > 0 && (
          <p className="rounded-md bg-bad-soft px-4 py-3">
            {t("expelledFrom", { runtime: runtimeWords(node.expelled).join(", ") })}
          </p>
        )}
        <section>
          <h3 className="mb-2 font-semibold">{t("factsTitle")}</h3>
          <Facts node={node} />
        </section>
        <CopyField label={t("id")} value={node.id} />
      </div>
    </Dialog>
  );
}

function Actions({ node, onAsk }: { node: Node; onAsk: (asking: Asking) => void }) {
  const t = useText(text);
  const { paused, change, busy } = useSwitch(node);
  const Icon = paused ? Play : Pause;
  return (
    <>
      <Button variant="danger" className="mr-auto" onClick={() => onAsk({ what: "retire", node })}>
        {t("retire")}
      </Button>
      <Button icon={<Pencil aria-hidden className="size-4" />} onClick={() => onAsk({ what: "rename", node })}>
        {t("rename")}
      </Button>
      <Button variant="primary" busy={busy} icon={<Icon aria-hidden className="size-4" />} onClick={change}>
        {t(paused ? "resume" : "pause")}
      </Button>
    </>
  );
}

function Facts({ node }: { node: Node }) {
  const t = useText(text);
  const format = useFormat();
  const locale = useLocale();
  const floor = format.money(node.floor_micros_per_h);
  const facts: readonly (readonly [string, ReactNode, ReactNode?])[] = [
    [t("earned"), <Money key="earned" micros={node.earned_micros} />],
    [t("today"), <Money key="today" micros={node.earned_24h_micros} />],
    [t("paid"), format.number(node.votes_paid)],
    [t("rejected"), format.number(node.votes_rejected)],
    [t("agreement"), <Agreement key="agreement" node={node} />, t("agreementTip")],
    [t("cores"), <Cores key="cores" node={node} />],
    [t("speed"), <Speed key="speed" node={node} />, t("speedTip")],
    [t("memory"), node.memory_bytes === null ? "–" : <Bytes key="memory" count={node.memory_bytes} />],
    [t("runtimes"), runtimeWords(node.runtimes).join(", ") || "–"],
    [t("platform"), platformWords(node.platform) || t("unknown")],
    [t("country"), countryName(node.country, locale) || t("unknown")],
    [t("floor"), node.floor_micros_per_h > 0 ? t("floorValue", { money: floor }) : t("floorNone")],
    [t("seen"), <Seen key="seen" node={node} />],
    ...(node.gpu ? [[t("gpu"), node.gpu] as const] : []),
    [t("joined"), format.dateTime(node.created_at)],
  ];
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
      {facts.map(([label, value, tip]) => (
        <div key={label} className="min-w-0">
          <dt className="flex min-h-5 items-center gap-1 text-ink-faint text-xs">
            {label}
            {tip && <InfoTip label={label}>{tip}</InfoTip>}
          </dt>
          <dd className="break-words tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Agreement({ node }: { node: Node }) {
  const t = useText(text);
  const format = useFormat();
  return <>{node.agreement === null ? t("noVotes") : format.percent(node.agreement, 1)}</>;
}
