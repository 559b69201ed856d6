"""One node in one runtime: its record, and the node's facts under the names that strategies and vetoes use."""

from typing import TYPE_CHECKING

from we1web.domain.reputation import Evidence, error_rate, proven, weight, worth_folding

if TYPE_CHECKING:
    from we1web.engine.state import Bundle, Node


class Standing:
    """One node in one runtime: what placement compares and votes are weighed by."""

    __slots__ = (
        "baits",
        "delta",
        "evidence",
        "expelled",
        "fold_at",
        "held",
        "node",
        "offered",
        "passes",
        "proven",
        "runtime_id",
        "slot",
        "weight",
    )

    def __init__(self, node: "Node", runtime_id: str, evidence: Evidence, expelled: bool) -> None:
        self.node = node
        self.runtime_id = runtime_id
        self.expelled = expelled
        self.offered = False
        """The node, as it last registered, has this runtime."""
        self.slot = -1
        """Place in State.hungry[runtime_id]; -1 when the node has no room or may not work."""
        self.baits = 0
        """How many of its lies went out as a bait and were not repeated."""
        self.held: dict[int, Bundle] = {}
        """Bundles whose acceptance rests on this node's vote and is not final."""
        self.rate(evidence)

    def rate(self, evidence: Evidence) -> None:
        """Derives what follows from the evidence; done when it grew by a tenth, not at every vote."""
        self.evidence = evidence
        self.passes = 0
        """Passes since, not yet part of the evidence."""
        self.fold_at = worth_folding(evidence)
        self.delta = error_rate(evidence)
        self.weight = weight(self.delta)
        self.proven = proven(evidence)

    # the node's facts: read through, so that nothing can be out of date

    @property
    def owner(self) -> int:
        return self.node.owner

    @property
    def cores(self) -> int:
        return self.node.cores

    @property
    def memory_bytes(self) -> int:
        return self.node.memory_bytes

    @property
    def gpu(self) -> str:
        return self.node.gpu

    @property
    def country(self) -> str:
        return self.node.country

    @property
    def floor_micros_per_h(self) -> int:
        return self.node.floor_micros_per_h

    @property
    def pace(self) -> float:
        return self.node.pace

    @property
    def backlog_s(self) -> float:
        return self.node.backlog_s

    @property
    def cached(self) -> dict[bytes, None]:
        return self.node.cached

    @property
    def rtt_s(self) -> float:
        return self.node.rtt_s

    @property
    def outstanding(self) -> int:
        return len(self.node.held)

    @property
    def last_served(self) -> int:
        return self.node.last_served

    @property
    def reliability(self) -> float:
        return self.node.timely
