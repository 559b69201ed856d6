"""Time in the simulator: a clock that can be moved on, and what is due when.

The only module of the simulator that reads the machine's clock, and only when no other is passed in.
"""

import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime

HOUR_S = 3_600
DAY_S = 86_400
Duty = Callable[[], None]


def system_time() -> float:
    """Seconds since 1970 of the machine's clock."""
    return time.time()


class Clock:
    """A clock that runs as its source does and jumps when told to; duties run in the order of their times."""

    def __init__(self, source: Callable[[], float] | None = None) -> None:
        self._source = source or system_time
        self._ahead_s = 0.0
        self._duties: list[tuple[float, int, Duty]] = []
        self._numbers = itertools.count()

    def now(self) -> int:
        return int(self._source() + self._ahead_s)

    def at(self, due: float, duty: Duty) -> None:
        heapq.heappush(self._duties, (due, next(self._numbers), duty))

    def catch_up(self) -> None:
        """Runs what is due by now."""
        while self._duties and self._duties[0][0] <= self.now():
            heapq.heappop(self._duties)[2]()

    def advance(self, seconds: float) -> None:
        """Moves the clock on, stopping at everything that is due on the way."""
        if seconds < 0:
            raise ValueError("time does not run backwards")
        end = self._source() + self._ahead_s + seconds
        while self._duties and self._duties[0][0] <= end:
            self._jump_to(self._duties[0][0])
            heapq.heappop(self._duties)[2]()
        self._jump_to(end)

    def _jump_to(self, moment: float) -> None:
        self._ahead_s = max(self._ahead_s, moment - self._source())


def iso(seconds: float) -> str:
    """A moment as the second version of the interface writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def next_midnight(now: float) -> int:
    return (int(now) // DAY_S + 1) * DAY_S
