import type { Node } from "../../api";
import { describe } from "../../app/errors";
import { useLocale } from "../../app/locale";
import { useText } from "../../app/text";
import { toast } from "../../components/toast";
import { type Change, useChange } from "./data";
import { text } from "./messages";

/** Changes a node and says so; what the coordinator refuses is said too. */
export function useNodeChange(node: Node) {
  const mutation = useChange(node);
  const locale = useLocale();
  const run = (change: Change, done?: string) =>
    mutation.mutate(change, {
      onSuccess: () => done && toast(done),
      onError: (error) => {
        const { message, hint } = describe(error, locale);
        toast(`${message} ${hint}`.trim(), { tone: "bad" });
      },
    });
  return { run, busy: mutation.isPending };
}

/** The switch between working and pausing. */
export function useSwitch(node: Node) {
  const t = useText(text);
  const { run, busy } = useNodeChange(node);
  const paused = node.status === "paused";
  const change = () =>
    run({ status: paused ? "active" : "paused" }, t(paused ? "resumedToast" : "pausedToast", { name: node.name }));
  return { paused, change, busy };
}
