import { useQuery } from "@tanstack/react-query";
import { type Node, type NodePage, nodesMyNodes } from "../../api";

/** One's nodes, as the whole page shares them. */
export const KEY = ["nodes", "mine"];
const PAGE = 1_000;
const EVERY_MS = 5_000;

export function useNodes() {
  return useQuery({ queryKey: KEY, queryFn: ({ signal }) => allNodes(signal), refetchInterval: EVERY_MS });
}

/** All of them: an account has at most a hundred that are not retired. */
async function allNodes(signal: AbortSignal): Promise<Node[]> {
  const found: Node[] = [];
  let cursor: string | null | undefined;
  do {
    const page: NodePage = await nodesMyNodes({ query: { limit: PAGE, cursor: cursor ?? null }, signal });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}
