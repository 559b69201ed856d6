"""When two outcomes of a job count as the same, by its validator; the common case, equal bytes, costs a comparison."""

from collections.abc import Sequence

from we1web.engine.state import Job
from we1web.protocol import outcome


def same(job: Job, one: bytes, other: bytes) -> bool:
    """Whether both stand for the same answer."""
    if outcome.same(one, other) or job.validator.bytewise:
        return outcome.same(one, other)
    first, second = job.validator.classes([one, other])
    return first == second


def names(job: Job, outcomes: Sequence[bytes]) -> list[bytes]:
    """What each outcome votes for."""
    return job.validator.classes(outcomes)
