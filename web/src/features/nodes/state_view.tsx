import type { Node } from "../../api";
import { useText } from "../../app/text";
import { StatePill } from "../../components/badge";
import { reasons, states } from "./reasons";
import { reasonOf, stateOf, TONES } from "./state";

export function NodeState({ node }: { node: Node }) {
  const t = useText(states);
  const state = stateOf(node);
  return (
    <StatePill tone={TONES[state]} live={state === "working"}>
      {t(state)}
    </StatePill>
  );
}

/** Why, in a few words. */
export function NodeReason({ node }: { node: Node }) {
  const t = useText(reasons);
  const code = reasonOf(node);
  return <>{t.has(code) ? t(code) : t("other", { code })}</>;
}
