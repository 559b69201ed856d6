"""What the market knows about a node when it chooses: the facts a strategy may look at, and nothing else.

The engine keeps its own mutable record with these names; `NodeFacts` is the frozen form for explanations and tests.
"""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """A frozen Candidate; the defaults are a newcomer's."""

    delta: float = 0.06
    weight: float = 2.75
    proven: bool = False
    reliability: float = 1.0
    speed: float = 0.0
    cores: int = 1
    outstanding: int = 0
    last_served: int = 0
