"""What a strategy may know about the job it serves. The engine's own record of a job has these names."""

from typing import Protocol

from we1web.domain.requirements import Terms


class Demand(Terms, Protocol):
    """One job's wishes, the same for all its tasks."""

    @property
    def quorum(self) -> int:
        """Votes a task needs at least."""

    @property
    def inputs(self) -> frozenset[bytes]:
        """Digests of blobs that every task needs, its program among them."""

    @property
    def country(self) -> str:
        """Where the work should be done if it can be chosen; '' for no preference."""

    @property
    def left_s(self) -> float:
        """Seconds until the requester wants it all, negative when they are over; infinite: no hurry."""
