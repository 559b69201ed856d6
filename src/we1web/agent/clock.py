"""The only place of the agent that reads time and chance; everything else is given `now` or an `rng`."""

import random
import time

now_s = time.monotonic
"""Seconds of a steady clock, for deadlines and pauses."""
wall_s = time.time
"""Seconds since 1970, only to compare with what the operating system stamps."""
cpu_ns = time.process_time_ns
"""CPU time of this process, for benchmarks that other programs must not disturb."""


def now_us() -> int:
    """Microseconds of a fine clock, for measuring."""
    return time.perf_counter_ns() // 1_000


def fresh_rng() -> random.Random:
    """Seeded by the operating system: for jitter, never for secrets."""
    return random.Random()
