"""What requesters bring: jobs, and how much work each of their tasks is. Pure values."""

from dataclasses import dataclass, field
from math import exp
from random import Random

from we1web.domain.policy import Policy
from we1web.domain.pricing import fee
from we1web.domain.strategy import Strategy
from we1web.engine import bonus
from we1web.engine.state import Job
from we1web.protocol.messages import Limits
from we1web.simulation import chance

RUNTIME = "wasm-1"
PRICE_MICROS = 1_000
REQUESTER = 1 << 40
"""Account key of the requester: no node has it."""
WALL_S = 600.0
FACTOR = 20
"""A budget is so many times what the policy expects to need: an attack must not end in want of money."""


@dataclass(frozen=True, slots=True)
class Work:
    """Seconds of work of a task at speed 1. `spread` 0: all alike; `tail`: Pareto with this exponent instead."""

    typical_s: float = 1.0
    spread: float = 0.5
    tail: float = 0.0

    @property
    def mean_s(self) -> float:
        """Of very many tasks; what a heavy tail of infinite mean would add is left out."""
        if self.tail:
            return self.typical_s * self.tail / max(0.1, self.tail - 1)
        return self.typical_s * exp(self.spread**2 / 2)

    def seconds(self, seed: int, task: int) -> float:
        if self.tail:
            return min(WALL_S / 4, chance.pareto(self.typical_s, self.tail, seed, task))
        return chance.lognormal(self.typical_s, self.spread, seed, task) if self.spread else self.typical_s


@dataclass(frozen=True, slots=True)
class JobSpec:
    """One job of a simulation."""

    tasks: int
    work: Work = field(default_factory=Work)
    bundle: int = 1
    at_s: float = 0.0
    interactive: bool = False
    price_micros: int = PRICE_MICROS
    bonus_micros: int = 0
    bonus_within_s: float = 0.0
    memory_bytes: int = 1 << 20
    gpu: bool = False
    countries: frozenset[str] = frozenset()
    inputs: tuple[tuple[bytes, int], ...] = ()
    """(digest, bytes) of blobs that every task needs."""
    deadline_s: float | None = None
    """From its start on."""
    priority: int = 0
    weight: float = 1.0

    def job(self, key: int, policy: Policy, strategy: Strategy, start: float) -> Job:
        """The engine's record of it."""
        limits = Limits(int(WALL_S * 1000), self.memory_bytes, 1 << 16, 0)
        budget = self.tasks * (self.price_micros + self.bonus_micros) * FACTOR * policy.estimated_votes
        job = Job(key, REQUESTER, RUNTIME, policy, strategy, self.price_micros, budget, limits)
        job.reward_micros = self.price_micros - fee(self.price_micros)
        if self.bonus_micros:
            bonus.offer(job, self.bonus_micros, self.bonus_within_s, self.bonus_micros - fee(self.bonus_micros))
        job.requirements = job.requirements._replace(gpu=self.gpu, countries=self.countries)
        job.deadline = None if self.deadline_s is None else start + self.deadline_s
        job.inputs = frozenset(digest for digest, _ in self.inputs)
        job.interactive, job.priority, job.weight = self.interactive, self.priority, self.weight
        return job


def blob(random: Random) -> bytes:
    """The digest of some blob."""
    return random.randbytes(32)
