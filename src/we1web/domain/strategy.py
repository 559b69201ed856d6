"""The contract of a strategy: which of some hungry nodes is served next. Strategies are pure values without state.

A new strategy is one file in strategies/ and one line in `STRATEGIES`; the contract suite then tests it.
"""

from typing import Protocol

from we1web.domain.demand import Demand
from we1web.domain.node import Candidate
from we1web.domain.strategies import (
    capability_matched,
    cost_optimized,
    load_balanced,
    locality_aware,
    reliability_weighted,
    round_robin,
)

__all__ = ["DEFAULT_STRATEGY", "STRATEGIES", "Candidate", "Demand", "Strategy"]


class Strategy(Protocol):
    @property
    def name(self) -> str:
        """What a job calls it."""

    @property
    def sample(self) -> int:
        """How many hungry nodes, drawn at random, the engine compares for one placement."""

    def score(self, node: Candidate, demand: Demand) -> float:
        """Higher is served first. Finite, cheap, and the same for the same facts."""

    def patience_s(self, node: Candidate, demand: Demand) -> float:
        """So long the job leaves this node to others that it suits better, hoping for a better one itself."""

    def reason(self, node: Candidate, demand: Demand) -> str:
        """The score in words, for whoever asks why."""


STRATEGIES: dict[str, Strategy] = {
    strategy.name: strategy
    for strategy in (
        round_robin.STRATEGY,
        load_balanced.STRATEGY,
        capability_matched.STRATEGY,
        locality_aware.STRATEGY,
        reliability_weighted.STRATEGY,
        cost_optimized.STRATEGY,
    )
}
DEFAULT_STRATEGY = reliability_weighted.STRATEGY.name
