import type { ReactNode } from "react";
import type { Node } from "../../api";
import { useText } from "../../app/text";
import { Skeleton } from "../../components/skeleton";
import { Money } from "../../components/values";
import { Cores, Seen, Speed, Votes } from "./figures";
import { text } from "./messages";
import { NodeName } from "./name_view";
import { type Asking, NodeMenu } from "./node_menu";
import { NodeReason, NodeState } from "./state_view";

interface Props {
  readonly nodes: readonly Node[] | undefined;
  readonly onAsk: (asking: Asking) => void;
}

/** One's nodes on a phone. */
export function NodeCards({ nodes, onAsk }: Props) {
  const t = useText(text);
  return (
    <ul aria-label={t("list")} aria-busy={nodes === undefined} className="divide-y divide-line border-line border-t">
      {nodes
        ? nodes.map((node) => <NodeCard key={node.id} node={node} onAsk={onAsk} />)
        : ["first", "second", "third"].map((key) => <Skeleton key={key} className="mx-4 my-4 h-36" />)}
    </ul>
  );
}

function NodeCard({ node, onAsk }: { node: Node; onAsk: Props["onAsk"] }) {
  const t = useText(text);
  return (
    <li className="px-4 py-4">
      <div className="flex items-start justify-between gap-2">
        <NodeName node={node} />
        <NodeMenu node={node} onAsk={onAsk} />
      </div>
      <p className="mt-3 flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-soft">
        <NodeState node={node} />
        <NodeReason node={node} />
      </p>
      <dl className="mt-3 grid grid-cols-3 gap-x-4 gap-y-2">
        <Fact label={t("earned")}>
          <Money micros={node.earned_micros} />
        </Fact>
        <Fact label={t("votes")}>
          <Votes node={node} />
        </Fact>
        <Fact label={t("seen")}>
          <Seen node={node} />
        </Fact>
        <Fact label={t("cores")}>
          <Cores node={node} />
        </Fact>
        <Fact label={t("speed")}>
          <Speed node={node} />
        </Fact>
      </dl>
    </li>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-ink-faint text-xs">{label}</dt>
      <dd className="font-medium tabular-nums">{children}</dd>
    </div>
  );
}
