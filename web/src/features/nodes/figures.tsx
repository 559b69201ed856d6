import type { Node } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Ago } from "../../components/values";
import { text } from "./messages";

/** Single figures of a node, the same in the table, on cards and among the details. */

export function Cores({ node }: { node: Node }) {
  const format = useFormat();
  return <>{node.cores === null ? "–" : format.number(node.cores)}</>;
}

export function Speed({ node }: { node: Node }) {
  const t = useText(text);
  const format = useFormat();
  return <>{node.speed === null ? "–" : t("speedValue", { speed: format.number(node.speed) })}</>;
}

/** Votes paid; how many were outvoted only when some were. */
export function Votes({ node }: { node: Node }) {
  const t = useText(text);
  const format = useFormat();
  return (
    <>
      {format.number(node.votes_paid)}
      {node.votes_rejected > 0 && (
        <span className="block text-ink-faint text-xs">
          {t("rejectedCount", { count: format.number(node.votes_rejected) })}
        </span>
      )}
    </>
  );
}

export function Seen({ node }: { node: Node }) {
  const t = useText(text);
  if (node.online) return t("now");
  return node.last_seen_at ? <Ago at={node.last_seen_at} /> : t("never");
}
