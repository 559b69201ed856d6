import { useNavigate } from "@tanstack/react-router";
import { Ellipsis, Info, Pause, Pencil, Play, Trash2 } from "lucide-react";
import type { Node } from "../../api";
import { useText } from "../../app/text";
import { IconButton } from "../../components/button";
import { Menu, type MenuItem } from "../../components/menu";
import { useSwitch } from "./change";
import { text } from "./messages";

/** What asks first, or for more. */
export type Asking = { readonly what: "rename" | "retire"; readonly node: Node };

/** Everything that can be done with a node, behind one button. */
export function NodeMenu({ node, onAsk }: { node: Node; onAsk: (asking: Asking) => void }) {
  const t = useText(text);
  const navigate = useNavigate({ from: "/nodes" });
  const { paused, change } = useSwitch(node);
  const Icon = paused ? Play : Pause;
  const show = () => void navigate({ search: (old) => ({ ...old, node: node.id }), resetScroll: false });
  const details: MenuItem = { label: t("open"), icon: <Info aria-hidden className="size-4" />, onSelect: show };
  const items: MenuItem[] = [
    details,
    { label: t(paused ? "resume" : "pause"), icon: <Icon aria-hidden className="size-4" />, onSelect: change },
    {
      label: t("rename"),
      icon: <Pencil aria-hidden className="size-4" />,
      onSelect: () => onAsk({ what: "rename", node }),
    },
    {
      label: t("retire"),
      icon: <Trash2 aria-hidden className="size-4" />,
      onSelect: () => onAsk({ what: "retire", node }),
      danger: true,
    },
  ];
  const trigger = (
    <IconButton label={t("actions", { name: node.name })}>
      <Ellipsis aria-hidden className="size-5" />
    </IconButton>
  );
  return <Menu trigger={trigger} items={node.status === "retired" ? [details] : items} />;
}
