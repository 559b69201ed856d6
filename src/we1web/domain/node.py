"""What the market knows about a node when it chooses: the facts a strategy may look at.

The engine's own record of a node has these names; nothing else about a node may influence who is served. What a node
says about its own speed is not among them.
"""

from collections.abc import Container
from typing import Protocol

from we1web.domain.requirements import Facts


class Candidate(Facts, Protocol):
    """A node that has room for work, as strategies see it; hard conditions it fulfils already."""

    @property
    def delta(self) -> float:
        """Estimated error rate, 0 to 1."""

    @property
    def weight(self) -> float:
        """Weight of its vote, 0 to 8."""

    @property
    def proven(self) -> bool: ...

    @property
    def reliability(self) -> float:
        """Share of its leases that it answered in time, 0 to 1."""

    @property
    def outstanding(self) -> int:
        """Leases it holds, running and prefetched."""

    @property
    def backlog_s(self) -> float:
        """How long it will need for them, by its measured pace."""

    @property
    def last_served(self) -> int:
        """Sequence number of the last placement it got; 0 for none yet."""

    @property
    def cached(self) -> Container[bytes]:
        """Digests of blobs it is likely to have. Partly its own word: good enough to save a transfer."""

    @property
    def rtt_s(self) -> float:
        """Round trip of its connection; 0 while unknown."""
