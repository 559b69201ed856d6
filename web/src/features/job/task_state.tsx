import { useText } from "../../app/text";
import { StatePill, type Tone } from "../../components/badge";
import { text } from "./messages";

const TONES: Readonly<Record<string, Tone>> = { verified: "good", failed: "bad", disputed: "warn" };

export function TaskState({ state }: { state: string }) {
  const t = useText(text);
  const key = `task.${state}`;
  return (
    <StatePill tone={TONES[state] ?? "neutral"} live={state === "voting"}>
      {t.has(key) ? t(key) : state}
    </StatePill>
  );
}
