import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Node, type NodePage, nodesMyNodes, nodesRename, nodesSetStatus } from "../../api";

/** One's nodes and what can be done to them from afar. */
const KEY = ["nodes", "mine"];
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

export type Change = { readonly name: string } | { readonly status: Node["status"] };

/** Shows the change at once and takes it back when the coordinator refuses. */
export function useChange(node: Node) {
  const queries = useQueryClient();
  const path = { node_id: node.id };
  const put = (changed: Partial<Node>) =>
    queries.setQueryData<Node[]>(KEY, (old) => old?.map((one) => (one.id === node.id ? { ...one, ...changed } : one)));
  return useMutation({
    mutationFn: (change: Change) =>
      "name" in change ? nodesRename({ path, body: change }) : nodesSetStatus({ path, body: change }),
    onMutate: async (change) => {
      await queries.cancelQueries({ queryKey: KEY });
      put(change);
    },
    onError: () => put(node),
    onSettled: () => queries.invalidateQueries({ queryKey: ["nodes"] }),
  });
}
