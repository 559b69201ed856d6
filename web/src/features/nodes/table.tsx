import { useMemo } from "react";
import type { Node } from "../../api";
import { useText } from "../../app/text";
import { columnsOf, DataTable } from "../../components/data_table";
import { InfoTip } from "../../components/info_tip";
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

const column = columnsOf<Node>();
const END = { align: "end" } as const;

/** One's nodes where there is room for a table. */
export function NodesTable({ nodes, onAsk }: Props) {
  const t = useText(text);
  const columns = useMemo(() => {
    const speed = (
      <span className="inline-flex items-center gap-1">
        {t("speed")} <InfoTip label={t("speedTip")}>{t("speedTip")}</InfoTip>
      </span>
    );
    return column.columns([
      column.display({
        id: "name",
        header: t("node"),
        cell: ({ row }) => <NodeName node={row.original} />,
        meta: { wide: true },
      }),
      column.display({
        id: "state",
        header: t("state"),
        cell: ({ row }) => <StateCell node={row.original} />,
      }),
      column.display({ id: "cores", header: t("cores"), cell: ({ row }) => <Cores node={row.original} />, meta: END }),
      column.display({ id: "speed", header: () => speed, cell: ({ row }) => <Speed node={row.original} />, meta: END }),
      column.display({ id: "votes", header: t("votes"), cell: ({ row }) => <Votes node={row.original} />, meta: END }),
      column.display({
        id: "earned",
        header: t("earned"),
        cell: ({ row }) => <Money micros={row.original.earned_micros} />,
        meta: END,
      }),
      column.display({ id: "seen", header: t("seen"), cell: ({ row }) => <Seen node={row.original} />, meta: END }),
      column.display({
        id: "menu",
        header: () => <span className="sr-only">{t("open")}</span>,
        cell: ({ row }) => <NodeMenu node={row.original} onAsk={onAsk} />,
      }),
    ]);
  }, [t, onAsk]);
  return <DataTable label={t("list")} columns={columns} rows={nodes} rowId={(node) => node.id} empty={null} />;
}

function StateCell({ node }: { node: Node }) {
  return (
    <div className="flex flex-col items-start gap-0.5">
      <NodeState node={node} />
      <span className="max-w-44 truncate pl-2.5 text-ink-faint text-xs">
        <NodeReason node={node} />
      </span>
    </div>
  );
}
