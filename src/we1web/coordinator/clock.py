"""The only place of the coordinator that reads the clock and draws identifiers. It must never decide anything."""

import os
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

Entropy = Callable[[int], bytes]
"""Gives that many unpredictable bytes; tests may pass their own."""


class Clock(Protocol):
    """What the coordinator knows of time and chance; tests pass their own."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    def new_id(self) -> uuid.UUID: ...


class SystemClock:
    """The machine's clock, UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never run backwards: for intervals and rate limits."""
        return time.monotonic()

    def new_id(self) -> uuid.UUID:
        return uuid.uuid4()


def random_bytes(n: int) -> bytes:
    """The machine's entropy, for keys and tokens."""
    return os.urandom(n)
