import { Link } from "@tanstack/react-router";
import { AppWindow, Gavel, Server } from "lucide-react";
import type { Node } from "../../api";
import { useSession } from "../../app/session";
import { useText } from "../../app/text";
import { Badge } from "../../components/badge";
import { ownNode, platformWords } from "./device";
import { text } from "./messages";

/** What the node is called, which leads to its details, and what kind of thing it is. */
export function NodeName({ node }: { node: Node }) {
  const t = useText(text);
  return (
    <div className="flex min-w-0 items-center gap-3">
      <NodeIcon node={node} />
      <div className="min-w-0">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            to="/nodes"
            search={(old) => ({ ...old, node: node.id })}
            resetScroll={false}
            aria-label={t("details", { name: node.name })}
            className="truncate rounded-sm font-medium hover:text-accent"
          >
            {node.name}
          </Link>
          <Marks node={node} />
        </div>
        <p className="truncate text-ink-faint text-xs">{platformWords(node.platform) || t("unknown")}</p>
      </div>
    </div>
  );
}

export function NodeIcon({ node }: { node: Node }) {
  const Icon = node.referee ? Gavel : node.kind === "browser" ? AppWindow : Server;
  return (
    <span
      aria-hidden
      className="grid size-9 shrink-0 place-items-center rounded-md border border-line bg-sunken text-ink-soft"
    >
      <Icon className="size-4.5" />
    </span>
  );
}

export function Marks({ node }: { node: Node }) {
  const t = useText(text);
  const account = useSession()?.user.id;
  return (
    <>
      {account && ownNode(account) === node.id && <Badge tone="good">{t("thisBrowser")}</Badge>}
      {node.referee && <Badge>{t("referee")}</Badge>}
    </>
  );
}
