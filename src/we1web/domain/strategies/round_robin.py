"""Strategy `round_robin`: who waited longest is served next. It must never look at reputation."""

from typing import Final

from we1web.domain.demand import Demand
from we1web.domain.node import Candidate


class RoundRobin:
    name: Final = "round_robin"
    sample: Final = 64
    """Of so many, the longest waiting is close to the longest waiting of all."""

    def score(self, node: Candidate, demand: Demand) -> float:
        return -float(node.last_served)

    def patience_s(self, node: Candidate, demand: Demand) -> float:
        return 0.0

    def reason(self, node: Candidate, demand: Demand) -> str:
        return f"waited since placement {node.last_served}" if node.last_served else "was never served yet"


STRATEGY: Final = RoundRobin()
