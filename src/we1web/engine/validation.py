"""When two outcomes of a job count as the same, by its validator; the common case, equal bytes, costs a comparison."""

from collections.abc import Sequence

from we1web.domain import validator
from we1web.engine.state import Job
from we1web.protocol import outcome


def same(job: Job, one: bytes, other: bytes) -> bool:
    """Whether both stand for the same answer."""
    if job.validator.bytewise:
        return outcome.same(one, other)
    return validator.same(job.validator, one, other)


def names(job: Job, outcomes: Sequence[bytes]) -> list[bytes]:
    """What each outcome votes for."""
    return job.validator.classes(outcomes)
