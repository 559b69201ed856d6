"""Virtual time: what will happen, in order. Nothing here waits, and nothing reads a clock."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any


class Timeline:
    """A heap of events. Equal times keep the order in which they were planned, so a run depends on its seed alone."""

    __slots__ = ("_events", "_planned", "now")

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._planned = 0

    def after(self, seconds: float, action: Callable[..., None], *arguments: Any) -> None:
        """Plans `action(*arguments)`; what is planned for the past happens next."""
        self._planned += 1
        heappush(self._events, (self.now + max(0.0, seconds), self._planned, action, arguments))

    def step(self) -> bool:
        """Lets the next event happen. False when nothing is planned any more."""
        if not self._events:
            return False
        self.now, _, action, arguments = heappop(self._events)
        action(*arguments)
        return True
