import type { Node } from "../../api";
import type { Tone } from "../../components/badge";

/** What a node is doing, from what the coordinator last heard of it. Pure. */
export type State = "working" | "ready" | "resting" | "leaving" | "paused" | "expelled" | "offline" | "retired";

export const TONES: Record<State, Tone> = {
  working: "good",
  ready: "good",
  resting: "warn",
  leaving: "warn",
  paused: "warn",
  expelled: "bad",
  offline: "neutral",
  retired: "neutral",
};

type Told = Pick<Node, "status" | "online" | "accepting" | "reason" | "load" | "expelled" | "runtimes">;

export function stateOf(node: Told): State {
  if (node.status === "retired") return "retired";
  if (isExpelled(node)) return "expelled";
  if (node.status === "paused") return "paused";
  if (!node.online) return "offline";
  if (node.accepting === false) return RESTING[node.reason ?? ""] ?? "resting";
  return (node.load ?? 0) > 0 ? "working" : "ready";
}

/** From everything it can run: a node that may still work in one runtime is told of the other among its details. */
function isExpelled(node: Told): boolean {
  return (
    node.expelled.length > 0 && node.runtimes.every((id) => node.expelled.some((kind) => id.startsWith(`${kind}-`)))
  );
}

/** Reasons of a node that takes no work which are states of their own. */
const RESTING: Readonly<Record<string, State>> = { expelled: "expelled", draining: "leaving", owner_paused: "paused" };

/** The code of the sentence that explains the state; for a node that rests, its own reason. */
export function reasonOf(node: Told & Pick<Node, "last_seen_at">): string {
  const state = stateOf(node);
  if (state === "offline") return node.last_seen_at ? "offline" : "never_seen";
  if (state === "paused" && !node.online) return "paused_offline";
  if (state === "resting") return node.reason || "not_accepting";
  return state;
}

export interface Totals {
  readonly online: number;
  readonly kept: number;
  readonly cores: number;
  readonly paid: number;
  readonly rejected: number;
  readonly earnedMicros: number;
  readonly earnedTodayMicros: number;
}

/** Of all nodes, retired ones too: what they earned stays earned. Cores are those that may get work now. */
export function totalsOf(nodes: readonly Node[]): Totals {
  const kept = nodes.filter((node) => node.status !== "retired");
  const at = kept.filter((node) => ["working", "ready"].includes(stateOf(node)));
  const sum = (of: readonly Node[], figure: (node: Node) => number) => of.reduce((all, node) => all + figure(node), 0);
  return {
    online: kept.filter((node) => node.online).length,
    kept: kept.length,
    cores: sum(at, (node) => node.cores ?? 0),
    paid: sum(nodes, (node) => node.votes_paid),
    rejected: sum(nodes, (node) => node.votes_rejected),
    earnedMicros: sum(nodes, (node) => node.earned_micros),
    earnedTodayMicros: sum(nodes, (node) => node.earned_24h_micros),
  };
}

/** Those that need their owner first, then what works, then the rest; retired ones last. */
export function ordered(nodes: readonly Node[]): Node[] {
  const rank = (node: Node) => ORDER.indexOf(stateOf(node));
  return nodes.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

const ORDER: readonly State[] = ["expelled", "working", "ready", "leaving", "resting", "paused", "offline", "retired"];
