"""What one flush writes beside ended tasks, as the columns and rows its statements take. Pure: it runs no statement."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from we1web.engine.state import VERIFIED, Dispute, Job, Settled, Standing, runtime_class


def counters(jobs: Iterable[Job], settled: Iterable[Settled], refereed: Mapping[Job, int]) -> list[list[Any]]:
    """Of each job its figures as they are now, then what this flush adds to its report."""
    ordered = sorted(jobs, key=lambda job: job.key)
    errors, singles = _stated(settled)
    return [
        [job.key for job in ordered],
        [job.verified for job in ordered],
        [job.failed for job in ordered],
        [job.executions for job in ordered],
        [job.spent_micros for job in ordered],
        [round(job.task_s * 1e6) or None for job in ordered],
        [errors.get(job, 0.0) for job in ordered],
        [singles.get(job, 0) for job in ordered],
        [refereed.get(job, 0) for job in ordered],
    ]


def _stated(settled: Iterable[Settled]) -> tuple[dict[Job, float], dict[Job, int]]:
    """Sum of the stated errors of accepted results, and how many of these rest on one vote."""
    errors: dict[Job, float] = {}
    singles: dict[Job, int] = {}
    for effect in settled:
        if effect.state == VERIFIED:
            job, tasks = effect.bundle.job, len(effect.places)
            errors[job] = errors.get(job, 0.0) + effect.error * tasks
            if len(effect.paid) == 1:
                singles[job] = singles.get(job, 0) + tasks
    return errors, singles


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


def dispute(effect: Dispute, now: float) -> tuple[Any, ...]:
    """The arguments of market/add_dispute; `now` is the engine's."""
    votes = effect.votes
    return (
        effect.bundle.id + effect.place,
        effect.bundle.job.key,
        now - effect.opened_at,
        now - effect.resolved_at,
        effect.how,
        effect.accepted,
        effect.truth,
        [standing.node.key for standing, _, _, _ in votes],
        [digest for _, digest, _, _ in votes],
        [weight for _, _, weight, _ in votes],
        [paid for _, _, _, paid in votes],
    )
