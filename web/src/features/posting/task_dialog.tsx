import { useNavigate } from "@tanstack/react-router";
import type { TraceSettlement, TraceTask, Vote } from "../../api";
import { useFormat } from "../../app/format";
import { useText } from "../../app/text";
import { Badge } from "../../components/badge";
import { CopyField } from "../../components/copy_field";
import { Dialog } from "../../components/dialog";
import { text } from "./messages";

const ID_CHARS = 8;

/** The votes on one task that a settlement paid, as far as whoever looks may see them. */
export function TaskDialog({ task, role }: { task: TraceTask; role: TraceSettlement["role"] }) {
  const t = useText(text);
  const navigate = useNavigate({ from: "/wallet/postings/$id" });
  const close = () => void navigate({ search: ({ task: _, ...old }) => old, resetScroll: false });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || close()}
      title={t("votesTitle", { index: task.index + 1 })}
      hint={t(role === "requester" ? "votesRequester" : "votesContributor", { agreed: task.agreed })}
    >
      <div className="flex flex-col gap-5">
        <ul className="divide-y divide-line rounded-md border border-line">
          {task.votes.map((vote, place) => (
            <VoteLine key={vote.node ?? place} vote={vote} />
          ))}
        </ul>
        <div>
          <p className="mb-1.5 flex items-center justify-between gap-2 font-medium text-sm">
            {t("digest")}
            <Badge tone={task.state === "verified" ? "good" : "neutral"}>{t(`state_${task.state}`)}</Badge>
          </p>
          {task.digest ? (
            <CopyField label={t("digest")} value={task.digest} />
          ) : (
            <p className="text-ink-soft">{t("noDigest")}</p>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function VoteLine({ vote }: { vote: Vote }) {
  const t = useText(text);
  const format = useFormat();
  return (
    <li className="flex items-center gap-3 px-4 py-2">
      <span className="min-w-0 flex-1 truncate" title={vote.node ?? undefined}>
        {vote.node ? t("node", { id: vote.node.slice(0, ID_CHARS) }) : t("nodeGone")}
      </span>
      <span className="text-ink-soft text-sm tabular-nums">
        {t("weight", { weight: format.number(vote.weight, 2) })}
      </span>
      <Badge tone={vote.agreed ? "good" : "bad"}>{t(vote.agreed ? "right" : "outvoted")}</Badge>
    </li>
  );
}
