"""The only place of the SDK that reads time, chance and sleeps; everything else is given them (Pacing)."""

import asyncio
import random
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

wall_s = time.time
"""Seconds since 1970, to compare with the expiry of tokens."""
now_s = time.monotonic
"""Seconds of a steady clock, for rates."""


def fresh_key() -> str:
    """A key nobody else has: the same request sent again carries the same one."""
    return uuid.uuid4().hex


@dataclass(frozen=True)
class Pacing:
    """How patient a client is. Tests give one that waits for nothing."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    rng: random.Random = field(default_factory=random.Random)
    attempts: int = 7
    first_delay_s: float = 0.2
    max_delay_s: float = 10.0

    def delay_s(self, failures: int) -> float:
        """Doubling, capped, and spread so that many clients do not come back at once."""
        longest: float = min(self.max_delay_s, self.first_delay_s * 2.0 ** min(failures, 30))
        return longest * self.rng.uniform(0.5, 1.0)
