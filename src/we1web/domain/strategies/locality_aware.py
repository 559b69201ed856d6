"""Strategy `locality_aware`: who has the input already, and is near.

Everything is counted in seconds that a task would wait for its data. What a node says about its cache and its distance
is good enough for that; it must never matter for a vote.
"""

from typing import Final

from we1web.domain.demand import Demand
from we1web.domain.node import Candidate

FETCH_S: Final = 1.0
"""What one missing input costs, of unknown size on an unknown line."""
ROUND_TRIPS: Final = 2.0
UNKNOWN_RTT_S: Final = 0.25
"""A node whose distance is not known yet counts as far away, not as next door."""
ABROAD_S: Final = 0.5


class LocalityAware:
    name: Final = "locality_aware"
    sample: Final = 8

    def score(self, node: Candidate, demand: Demand) -> float:
        """Minus the seconds until the data is there."""
        missing = self._missing(node, demand)
        abroad = ABROAD_S if demand.country and node.country != demand.country else 0.0
        return -(FETCH_S * missing + ROUND_TRIPS * (node.rtt_s or UNKNOWN_RTT_S) + abroad)

    def patience_s(self, node: Candidate, demand: Demand) -> float:
        """As long as it would wait for the data there: the time in which another job may have work for the node, and
        another node with the data gets free (delay scheduling, Zaharia et al. 2010, EuroSys)."""
        return FETCH_S * self._missing(node, demand)

    def reason(self, node: Candidate, demand: Demand) -> str:
        there = len(demand.inputs) - self._missing(node, demand)
        distance = f"{node.rtt_s * 1000:.0f} ms away" if node.rtt_s else "distance unknown"
        return f"has {there} of {len(demand.inputs)} inputs, {distance}, in {node.country or 'an unknown country'}"

    def _missing(self, node: Candidate, demand: Demand) -> int:
        cached = node.cached
        return sum(1 for digest in demand.inputs if digest not in cached)


STRATEGY: Final = LocalityAware()
