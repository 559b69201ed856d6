"""What survives a crash of the coordinator: the rows it has committed, and nothing else.

Mirrors the tables of the market (storage/sql/market): chunks with their cut, ended tasks, late votes, the vote log,
reputations, settlements, the ledger. One `commit` is one transaction.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from we1web.domain.ledger import Transaction
from we1web.domain.policy import Policy
from we1web.domain.reputation import Evidence
from we1web.domain.strategy import Strategy
from we1web.engine.state import TASK_BITS, Job
from we1web.simulation.accounts import MemoryLedger
from we1web.simulation.workloads import JobSpec

OPEN, DONE, CANCELLED = "running", "done", "cancelled"


@dataclass
class ChunkRow:
    """Consecutive tasks of a job, cut into bundles of `size` when it was claimed."""

    id: int
    job_key: int
    n: int
    size: int = 1
    claimed: bool = False
    done: bool = False

    @property
    def first(self) -> int:
        return self.id << TASK_BITS


@dataclass
class JobRow:
    """A job and its counters as they were last flushed."""

    key: int
    spec: JobSpec
    policy: Policy
    strategy: Strategy
    state: str = OPEN
    verified: int = 0
    failed: int = 0
    executions: int = 0
    spent_micros: int = 0
    task_s: float = 0.0


class EndedRow(NamedTuple):
    """An ended task. Votes are (node key, agreed, with the bonus)."""

    job_key: int
    state: int
    outcome: bytes
    votes: tuple[tuple[int, bool, bool], ...]
    flush: int


class SurplusRow(NamedTuple):
    """A late vote that is paid."""

    job_key: int
    node_key: int
    flush: int
    fast: bool


class Counters(NamedTuple):
    """A job's running account, taken when the flush began."""

    key: int
    verified: int
    failed: int
    executions: int
    spent_micros: int
    task_s: float


@dataclass
class Flush:
    """What one commit writes."""

    seq: int
    frames: list[tuple[int, bytes, tuple[int, ...]]] = field(default_factory=list)
    """(node key, task:complete frame, the bundles in it that came in time for a bonus)."""
    ended: dict[int, EndedRow] = field(default_factory=dict)
    surplus: list[SurplusRow] = field(default_factory=list)
    reputations: dict[int, tuple[Evidence, bool]] = field(default_factory=dict)
    counters: list[Counters] = field(default_factory=list)
    chunks_done: list[int] = field(default_factory=list)
    jobs_done: list[int] = field(default_factory=list)
    money: list[Transaction] = field(default_factory=list)
    settles: bool = False
    """The money covers everything up to this flush."""
    low: int = 0
    """The log below this is not needed any more."""


class Disk:
    """Everything that is durable."""

    def __init__(self) -> None:
        self.jobs: dict[int, JobRow] = {}
        self.chunks: dict[int, ChunkRow] = {}
        self.tasks: dict[int, EndedRow] = {}
        self.surplus: list[SurplusRow] = []
        self.log: list[tuple[int, list[tuple[int, bytes, tuple[int, ...]]]]] = []
        self.reputations: dict[int, tuple[Evidence, bool]] = {}
        self.nodes: dict[int, int] = {}
        """Node key → owner key."""
        self.settled_upto = 0
        self.last_flush = 0
        self.ledger = MemoryLedger()

    def commit(self, flush: Flush) -> None:
        """All of it, at once."""
        if flush.frames:
            self.log.append((flush.seq, flush.frames))
        self.tasks.update(flush.ended)
        self.surplus += flush.surplus
        self.reputations.update(flush.reputations)
        for counters in flush.counters:
            self._count(counters)
        for chunk in flush.chunks_done:
            self.chunks[chunk].done = True
        for key in flush.jobs_done:
            job = self.jobs[key]
            job.state = job.state if job.state == CANCELLED else DONE
        for transaction in flush.money:
            self.ledger.post(transaction)
        if flush.settles:
            self.settled_upto = flush.seq
        self.log = [row for row in self.log if row[0] >= flush.low]
        self.last_flush = flush.seq

    def _count(self, counters: Counters) -> None:
        job = self.jobs[counters.key]
        job.verified, job.failed, job.executions = counters.verified, counters.failed, counters.executions
        job.spent_micros, job.task_s = counters.spent_micros, counters.task_s

    def job(self, key: int) -> Job:
        """The engine's record of a job, from its row."""
        row = self.jobs[key]
        job = row.spec.job(key, row.policy, row.strategy, 0.0)
        job.total, job.closed = row.spec.tasks, True
        job.verified, job.failed, job.executions = row.verified, row.failed, row.executions
        job.ended = sum(1 for task in self.tasks.values() if task.job_key == key)
        job.spent_micros, job.task_s = row.spent_micros, row.task_s
        return job

    def unsettled(self) -> dict[tuple[int, int], Counter[bool]]:
        """(Job key, node key) → votes that are to be paid and that no settlement covers, without and with the bonus."""
        votes: dict[tuple[int, int], Counter[bool]] = {}
        for task in self.tasks.values():
            for node, agreed, fast in task.votes:
                if agreed and task.flush > self.settled_upto:
                    votes.setdefault((task.job_key, node), Counter())[fast] += 1
        for late in self.surplus:
            if late.flush > self.settled_upto:
                votes.setdefault((late.job_key, late.node_key), Counter())[late.fast] += 1
        return votes

    def complete(self) -> list[int]:
        """Jobs whose last task ended, but whose end was not written."""
        ended = Counter(task.job_key for task in self.tasks.values())
        return [key for key, job in self.jobs.items() if job.state == OPEN and ended[key] == job.spec.tasks]

    def unrefunded(self) -> list[int]:
        """Ended jobs whose escrow still holds something."""
        return [key for key, job in self.jobs.items() if job.state != OPEN and self.ledger.escrow(key)]
