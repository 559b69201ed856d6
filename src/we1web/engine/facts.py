"""The facts of a node under the names that strategies and vetoes use (domain/node.py), for whoever stands for it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from we1web.engine.state import Node


class NodeFacts:
    """Reads through to `node`; nothing is copied, so nothing can be out of date."""

    __slots__ = ()

    node: "Node"

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
