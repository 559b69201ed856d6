"""Strategy `cost_optimized`: the least expected cost of a verified result within the deadline.

A try that comes to nothing is not free: a wrong vote widens the panel, a late one is repeated and may still be owed its
pay, and each costs time that the deadline may not have. It must never save on replicas: how many votes a result needs
is the policy's business.
"""

from typing import Final

from we1web.domain.demand import Demand
from we1web.domain.node import Candidate
from we1web.domain.requirements import asked_micros

DISSENT_VOTES: Final = 2.0
"""Paid votes that a wrong one makes necessary beyond itself."""
LEAST_CHANCE: Final = 1e-3
"""Keeps the cost of a hopeless node finite."""
FLOOR_SHARE: Final = 0.1
"""How much an owner's floor counts below the reward: of equal nodes the one that asks less, and no more than that."""


class CostOptimized:
    name: Final = "cost_optimized"
    sample: Final = 8

    def score(self, node: Candidate, demand: Demand) -> float:
        """Minus the expected micro-units of a verified result whose votes were all as good as this node's."""
        return -self._micros(node, demand)

    def patience_s(self, node: Candidate, demand: Demand) -> float:
        return 0.0

    def reason(self, node: Candidate, demand: Demand) -> str:
        return (
            f"a result of such votes costs about {self._micros(node, demand):.3g} micro-units: "
            f"wrong {node.delta:.2%}, in time {self._in_time(node, demand):.0%}"
        )

    def _micros(self, node: Candidate, demand: Demand) -> float:
        asked = asked_micros(demand, node)
        vote = max(1.0, demand.reward_micros, asked) + FLOOR_SHARE * asked
        wrong, in_time = node.delta, self._in_time(node, demand)
        chance = max(LEAST_CHANCE, (1.0 - wrong) * in_time)
        return demand.quorum * vote * (1.0 + (DISSENT_VOTES * wrong + (1.0 - in_time)) / chance)

    def _in_time(self, node: Candidate, demand: Demand) -> float:
        """Chance that the vote comes while it is of use: votes follow one another, each by a node like this one."""
        needed_s = demand.quorum * (node.backlog_s + demand.task_s / node.pace + node.rtt_s)
        left_s = max(0.0, demand.left_s)
        soon = 1.0 if needed_s <= left_s else left_s / needed_s
        return node.reliability * soon


STRATEGY: Final = CostOptimized()
