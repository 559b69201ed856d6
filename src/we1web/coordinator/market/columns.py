"""What one flush writes beside ended tasks, as the columns and rows its statements take. Pure: it runs no statement."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from we1web.engine.effects import Dispute, Surplus
from we1web.engine.standing import Standing
from we1web.engine.state import Job, runtime_class

HOW = frozenset({"referee", "panel", "exhausted", "gave_up", "cancelled"})
"""How a dispute ends; whatever else the engine says is the code of an end without a result."""


def counters(jobs: Iterable[Job], alone: Mapping[int, Collection[int]]) -> list[list[Any]]:
    """One row for each job: its figures as they are now. `alone`: by job, the nodes that gave results on one vote."""
    ordered = sorted(jobs, key=lambda job: job.key)
    return [
        [job.key for job in ordered],
        [job.verified for job in ordered],
        [job.failed for job in ordered],
        [job.executions for job in ordered],
        [job.spent_micros for job in ordered],
        [round(job.task_s * 1e6) or None for job in ordered],
        [job.error_sum for job in ordered],
        [job.singles for job in ordered],
        [job.referee_runs for job in ordered],
        [len(alone.get(job.key, ())) for job in ordered],
    ]


def reputations(changed: Sequence[Standing]) -> list[list[Any]]:
    """One row for each node and class of runtime: the last word on it."""
    latest = {(s.node.key, runtime_class(s.runtime_id)): s for s in changed}
    return [
        [node for node, _ in latest],
        [kind for _, kind in latest],
        [s.evidence.passes for s in latest.values()],
        [s.evidence.failures for s in latest.values()],
        [s.evidence.cusum for s in latest.values()],
        [s.expelled for s in latest.values()],
    ]


def surplus(late: Iterable[Surplus]) -> list[list[Any]]:
    """One row for each task of a late vote that is paid."""
    rows = [(s.bundle.id + place, s.standing.node.key, s.bundle.job.key, s.fast) for s in late for place in s.places]
    return [list(column) for column in zip(*rows, strict=True)]


def dispute(effect: Dispute, now: float) -> tuple[Any, ...]:
    """The arguments of market/add_dispute; `now` is the engine's."""
    votes = effect.votes
    return (
        effect.bundle.id + effect.place,
        effect.bundle.job.key,
        now - effect.opened_at,
        now - effect.resolved_at,
        effect.how if effect.how in HOW else "gave_up",
        effect.accepted,
        effect.truth,
        [standing.node.key for standing, _, _, _ in votes],
        [digest for _, digest, _, _ in votes],
        [weight for _, _, weight, _ in votes],
        [paid for _, _, _, paid in votes],
    )
