"""A clock that tests move on, so that nobody waits for days."""

from datetime import datetime, timedelta

from we1web.coordinator.clock import SystemClock


class MovedClock(SystemClock):
    """The machine's clock, as far ahead as a test says."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead.total_seconds()

    def advance(self, **how: float) -> None:
        """By `days=1`, `seconds=2` and so on."""
        self.ahead += timedelta(**how)
