import type { Dispute, DisputeVote } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Badge } from "../../components/badge";
import { ErrorNotice } from "../../components/error_notice";
import { Skeleton } from "../../components/skeleton";
import { text } from "./messages";
import { useDispute } from "./queries";
import { Id } from "./votes";

/** How a dispute about a task went: which answers there were, who stood behind them, and what decided. */
export function TaskDispute({ id }: { id: number }) {
  const { data, error, refetch } = useDispute(id);
  if (data) return <Story dispute={data} />;
  return error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : <Skeleton className="h-28" />;
}

function Story({ dispute }: { dispute: Dispute }) {
  const t = useText(text);
  const format = useFormat();
  const seconds = (Date.parse(dispute.resolved_at) - Date.parse(dispute.opened_at)) / 1000;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-ink-soft">
        {t(`how.${dispute.how}`)}{" "}
        <span className="text-ink-faint">
          {t("disputeTook", {
            opened: format.dateTime(dispute.opened_at),
            time: format.duration(Math.max(0, seconds)),
          })}
        </span>
      </p>
      <ul className="flex flex-col divide-y divide-line rounded-md border border-line">
        {answersOf(dispute.votes).map((answer) => (
          <li key={answer.digest} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
            <span className="min-w-0 flex-1">{t.rich("answer", { digest: <Id of={answer.digest} /> })}</span>
            <span className="text-ink-soft text-sm tabular-nums">
              {t("answerVotes", { votes: answer.nodes.length + answer.gone, weight: format.number(answer.weight, 2) })}
            </span>
            {answer.digest === dispute.accepted && <Badge tone="good">{t("accepted")}</Badge>}
            <span className="flex w-full flex-wrap gap-x-3 text-ink-faint">
              {answer.nodes.map((node) => (
                <Id key={node} of={node} />
              ))}
              {answer.gone > 0 && <span>{t("nodesGone", { gone: answer.gone })}</span>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export interface Answer {
  readonly digest: string;
  readonly weight: number;
  readonly nodes: readonly string[];
  /** Votes of nodes that do not exist any more. */
  readonly gone: number;
}

/** The votes by what they said, the heaviest first. */
export function answersOf(votes: readonly DisputeVote[]): readonly Answer[] {
  return [...Map.groupBy(votes, (vote) => vote.digest)]
    .map(([digest, said]) => ({
      digest,
      weight: said.reduce((sum, vote) => sum + vote.weight, 0),
      nodes: said.flatMap(({ node }) => node ?? []),
      gone: said.filter(({ node }) => node === null).length,
    }))
    .sort((one, other) => other.weight - one.weight);
}
