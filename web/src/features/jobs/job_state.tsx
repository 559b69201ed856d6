import type { Job } from "../../api";
import { useText } from "../../app/text";
import { StatePill } from "../../components/badge";
import { lookOf } from "./job";
import { words } from "./words";

export function JobState({ job }: { job: Job }) {
  const t = useText(words);
  const { word, tone, live } = lookOf(job);
  return (
    <StatePill tone={tone} live={live}>
      {t(word)}
    </StatePill>
  );
}
