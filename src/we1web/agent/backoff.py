"""How long to wait before trying again: exponential, with jitter, so that a restarted coordinator is not stormed."""

import random
from dataclasses import dataclass, field


@dataclass
class Backoff:
    """Half of each delay is chance. `reset` after a success."""

    rng: random.Random
    base_s: float = 0.25
    cap_s: float = 30.0
    attempts: int = field(default=0, init=False)

    def next_s(self) -> float:
        longest_s = min(self.cap_s, self.base_s * 2.0 ** min(self.attempts, 32))
        self.attempts += 1
        return longest_s * (0.5 + 0.5 * self.rng.random())

    def reset(self) -> None:
        self.attempts = 0
