"""Strategy `capability_matched`: the smallest node that is big enough; big ones stay free for what needs them.

It must never prefer a node for what the job does not ask for.
"""

from math import log2
from typing import Final

from we1web.domain.demand import Demand
from we1web.domain.node import Candidate

SMALL_BYTES: Final = 512 << 20
"""No node is too good for less than this: hardly any has less."""
GPU_WASTE: Final = 8.0
"""An idle graphics processor is as bad as 256 times the memory that is needed."""
QUEUE_WASTE: Final = 4.0
"""Doublings that a very long queue is as bad as; one task waiting counts half."""
UNKNOWN_TASK_S: Final = 1.0
UNFIT: Final = -1_000.0


class CapabilityMatched:
    name: Final = "capability_matched"
    sample: Final = 16

    def score(self, node: Candidate, demand: Demand) -> float:
        """Minus what would be wasted, in doublings; a long queue is as bad as `QUEUE_WASTE` of them."""
        if self._lacks(node, demand):
            return UNFIT
        task_s = demand.task_s or UNKNOWN_TASK_S
        return -self._waste(node, demand) - QUEUE_WASTE * node.backlog_s / (node.backlog_s + task_s)

    def patience_s(self, node: Candidate, demand: Demand) -> float:
        return 0.0

    def reason(self, node: Candidate, demand: Demand) -> str:
        if self._lacks(node, demand):
            return "lacks something that the job asks for"
        spare = "an idle GPU, " if node.gpu and not demand.requirements.gpu else ""
        return f"{spare}{node.memory_bytes >> 20} MiB and {node.cores} cores: waste {self._waste(node, demand):.1f}"

    def _lacks(self, node: Candidate, demand: Demand) -> bool:
        wanted = demand.requirements
        memory = max(wanted.memory_bytes, demand.memory_bytes)
        return node.memory_bytes < memory or node.cores < wanted.cores or (wanted.gpu and not node.gpu)

    def _waste(self, node: Candidate, demand: Demand) -> float:
        wanted = demand.requirements
        needed = max(wanted.memory_bytes, demand.memory_bytes, SMALL_BYTES)
        memory = max(0.0, log2(max(1, node.memory_bytes) / needed))
        cores = log2(max(1, node.cores) / wanted.cores) if wanted.cores > 1 else 0.0  # else the others stay free
        return memory + cores + (GPU_WASTE if node.gpu and not wanted.gpu else 0.0)


STRATEGY: Final = CapabilityMatched()
