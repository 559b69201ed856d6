"""The only place of the SDK that reads time, chance and sleeps; everything else is given them (Pacing)."""

import asyncio
import random
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Self

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
    now_s: Callable[[], float] = time.monotonic
    rng: random.Random = field(default_factory=random.Random)
    patience_s: float = 10.0
    """After so long without an answer a request is given up: somebody may be waiting for the refusal."""
    outage_s: float = 900.0
    """The same for the requests of a running job: it is paid for, and goes on while the coordinator restarts."""
    first_delay_s: float = 0.2
    max_delay_s: float = 5.0

    def delay_s(self, failures: int) -> float:
        """Doubling, capped, and spread so that many clients do not come back at once."""
        longest: float = min(self.max_delay_s, self.first_delay_s * 2.0 ** min(failures, 30))
        return longest * self.rng.uniform(0.5, 1.0)

    def of_a_job(self) -> Self:
        """As patient as an outage takes."""
        return replace(self, patience_s=self.outage_s)
