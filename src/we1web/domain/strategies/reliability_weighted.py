"""Strategy `reliability_weighted`, the default: prefer who is likely to answer correctly and in time.

Four nodes drawn at random are compared: the choice follows merit, stays unpredictable for a clique, and newcomers still
get work to prove themselves on. It must never rank by what a node claims about its speed.
"""

from typing import Final

from we1web.domain.demand import Demand
from we1web.domain.node import Candidate


class ReliabilityWeighted:
    name: Final = "reliability_weighted"
    sample: Final = 4

    def score(self, node: Candidate, demand: Demand) -> float:
        """Vote weight × chance of a timely correct vote, shared among what the node already has to do."""
        backlog = node.outstanding / max(1, node.cores)
        return node.weight * (1.0 - node.delta) * node.reliability / (1.0 + backlog)

    def patience_s(self, node: Candidate, demand: Demand) -> float:
        return 0.0

    def reason(self, node: Candidate, demand: Demand) -> str:
        return (
            f"vote weight {node.weight:.1f}, errs in {node.delta:.2%}, in time {node.reliability:.0%}, "
            f"{node.outstanding} leases on {node.cores} cores"
        )


STRATEGY: Final = ReliabilityWeighted()
