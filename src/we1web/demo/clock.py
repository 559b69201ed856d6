"""The one place of the demonstration that reads time or waits."""

import time


def now() -> float:
    """Seconds on a clock that never goes back."""
    return time.monotonic()


def wait(seconds: float) -> None:
    time.sleep(seconds)
