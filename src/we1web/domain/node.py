"""What the market knows about a node when it chooses: the facts a strategy may look at.

The engine's own record of a node has these names; nothing else about a node may influence who is served.
"""

from typing import Protocol


class Candidate(Protocol):
    """A node that has room for work, as strategies see it."""

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
    def speed(self) -> float:
        """Its own benchmark score: a hint, never trusted."""

    @property
    def cores(self) -> int: ...

    @property
    def outstanding(self) -> int:
        """Leases it holds, running and prefetched."""

    @property
    def last_served(self) -> int:
        """Sequence number of the last placement it got; 0 for none yet."""
