"""Strategy `load_balanced`: who would be done first, by what it holds and how fast it was measured to be.

It must never believe a benchmark, nor look at reputation.
"""

from typing import Final

from we1web.domain.demand import Demand
from we1web.domain.node import Candidate

UNKNOWN_TASK_S: Final = 1.0
"""A task of unknown length counts as so much: only its order among nodes matters."""


class LoadBalanced:
    name: Final = "load_balanced"
    sample: Final = 8

    def score(self, node: Candidate, demand: Demand) -> float:
        """Minus the seconds until one more task were done there."""
        return -self._done_s(node, demand)

    def patience_s(self, node: Candidate, demand: Demand) -> float:
        return 0.0

    def reason(self, node: Candidate, demand: Demand) -> str:
        done_s = self._done_s(node, demand)
        return f"{node.outstanding} leases at {node.pace:.2g} times the average speed: one more done in {done_s:.3g} s"

    def _done_s(self, node: Candidate, demand: Demand) -> float:
        return node.backlog_s + (demand.task_s or UNKNOWN_TASK_S) / node.pace


STRATEGY: Final = LoadBalanced()
