import { useQuery } from "@tanstack/react-query";
import { type Node, type NodeWhy, nodesWhyItWaits } from "../../api";
import { useText } from "../../app/text";
import { ErrorNotice } from "../../components/error_notice";
import { SkeletonText } from "../../components/skeleton";
import { text } from "./messages";
import { vetoes, whys } from "./reasons";

const EVERY_MS = 5_000;

/** Why a node has no more work, as the market that gives it out knows it now. */
export function Why({ node }: { node: Node }) {
  const t = useText(text);
  const why = useQuery({
    queryKey: ["nodes", node.id, "why"],
    queryFn: ({ signal }) => nodesWhyItWaits({ path: { node_id: node.id }, signal }),
    refetchInterval: EVERY_MS,
  });
  return (
    <section>
      <h3 className="font-semibold">{t("whyTitle")}</h3>
      <div className="mt-1.5 min-h-10 text-ink-soft">
        {why.data && <Answer why={why.data} />}
        {why.isPending && <SkeletonText lines={2} />}
        {why.isError && <ErrorNotice error={why.error} onRetry={() => void why.refetch()} />}
      </div>
    </section>
  );
}

function Answer({ why }: { why: NodeWhy }) {
  const t = useText(text);
  const sentence = useText(whys);
  const { code, words, held = 0, window: asked = 0 } = why;
  return (
    <>
      <p>{sentence.has(code) ? sentence(code) : sentence("other", { words })}</p>
      {asked > 0 && <p>{t("whyHolds", { held, window: asked })}</p>}
      <Jobs jobs={why.jobs ?? {}} />
    </>
  );
}

/** By reason, the most frequent first. */
function Jobs({ jobs }: { jobs: Readonly<Record<string, number>> }) {
  const t = useText(text);
  const words = useText(vetoes);
  const reasons = Object.entries(jobs).toSorted(([, a], [, b]) => b - a);
  if (reasons.length === 0) return null;
  return (
    <>
      <h4 className="mt-3 font-medium text-ink">{t("whyJobs")}</h4>
      <ul className="mt-1 flex flex-col gap-1">
        {reasons.map(([code, count]) => (
          <li key={code} className="flex gap-3">
            <span className="w-24 shrink-0 font-medium text-ink tabular-nums">{t("whyCount", { count })}</span>
            <span>{words.has(code) ? words(code) : words("other", { code })}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
