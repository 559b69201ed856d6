import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type Node, nodesRename, nodesSetStatus } from "../../api";
import { describe } from "../../app/errors";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { toast } from "../../components/toast";
import { KEY } from "./data";
import { text } from "./messages";

export interface Change {
  readonly to: { readonly name: string } | { readonly status: Node["status"] };
  /** What is said when it is done. */
  readonly done?: string;
}

/**
 * Changes a node from afar: shows it at once, and takes it back and says why when the coordinator refuses; also after
 * whoever asked for it has left the screen.
 */
export function useChange(node: Node) {
  const queries = useQueryClient();
  const locale = useLocale();
  const path = { node_id: node.id };
  const put = (changed: Partial<Node>) =>
    queries.setQueryData<Node[]>(KEY, (old) => old?.map((one) => (one.id === node.id ? { ...one, ...changed } : one)));
  return useMutation({
    mutationFn: ({ to }: Change) =>
      "name" in to ? nodesRename({ path, body: to }) : nodesSetStatus({ path, body: to }),
    onMutate: async ({ to }) => {
      await queries.cancelQueries({ queryKey: KEY });
      put(to);
    },
    onSuccess: (_, { done }) => done && toast(done),
    onError: (error) => {
      put(node);
      const { message, hint } = describe(error, locale);
      toast(`${message} ${hint}`.trim(), { tone: "bad" });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["nodes"] }),
  });
}

/** The switch between working and pausing. */
export function useSwitch(node: Node) {
  const t = useText(text);
  const { mutate, isPending: busy } = useChange(node);
  const paused = node.status === "paused";
  const done = t(paused ? "resumedToast" : "pausedToast", { name: node.name });
  return { paused, busy, change: () => mutate({ to: { status: paused ? "active" : "paused" }, done }) };
}
