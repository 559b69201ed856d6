"""Money in the simulation: the market's own books and recipes, posted to a double-entry ledger in memory.

The ledger does what the database does (each key once, never a different transaction under the same key) and checks
nothing else: whether the sums are right is for the checkers to find out.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from we1web.coordinator.market.books import Books
from we1web.coordinator.market.records import JobRecord
from we1web.domain import recipes
from we1web.domain.ledger import AccountKind, AccountRef, Transaction
from we1web.domain.money import DEFAULT_CURRENCY
from we1web.engine.effects import Settled, Surplus
from we1web.engine.state import Job
from we1web.protocol.messages import JobInfo, Limits
from we1web.simulation.workloads import REQUESTER

PROGRAM = bytes(32)
_JOBS = 1 << 64


def user_id(owner: int) -> UUID:
    """The account of an owner key."""
    return UUID(int=owner)


def job_id(key: int) -> UUID:
    return UUID(int=_JOBS + key)


def record_of(job: Job) -> JobRecord:
    """What the books need to know of a job."""
    limits = Limits(int(job.wall_s * 1000), job.memory_bytes, 1 << 16, 0)
    return JobRecord(
        job.key,
        job_id(job.key),
        user_id(REQUESTER),
        job.price_micros,
        job.price_micros - job.reward_micros,
        job.budget_micros,
        DEFAULT_CURRENCY,
        JobInfo(job.key, job.runtime_id, PROGRAM, "run", limits),
        job,
        bonus_micros=job.bonus_micros,
        bonus_fee_micros=job.bonus_micros - job.bonus_reward_micros,
    )


class KeyReused(AssertionError):
    """A key came back for another transaction."""


class MemoryLedger:
    """Balances by account; a transaction happens once, however often it is posted."""

    def __init__(self) -> None:
        self.balances: defaultdict[AccountRef, int] = defaultdict(int)
        self._posted: dict[str, bytes] = {}

    def post(self, transaction: Transaction) -> bool:
        """False when it was posted before."""
        known = self._posted.get(transaction.key)
        if known is not None:
            if known != transaction.fingerprint:
                raise KeyReused(transaction.key)
            return False
        self._posted[transaction.key] = transaction.fingerprint
        for account, amount in transaction.postings:
            self.balances[account] += amount
        return True

    def escrow(self, key: int) -> int:
        return self.balances[AccountRef(AccountKind.ESCROW, job=job_id(key))]

    def earned(self) -> dict[int, int]:
        """Owner key → micro-units."""
        mine = {
            ref.owner.int: amount
            for ref, amount in self.balances.items()
            if ref.kind is AccountKind.EARNINGS and ref.owner is not None
        }
        return dict(sorted(mine.items()))


class _Owners(dict[int, UUID]):
    """Owner key → account, for whoever asks."""

    def __missing__(self, owner: int) -> UUID:
        return user_id(owner)


class Accounts:
    """What the journal does with money: effects are entered into the books, the books become settlements."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self.ledger = ledger
        self.books = Books()
        self._records: dict[int, JobRecord] = {}
        self._owners = _Owners()

    def open(self, job: Job) -> None:
        """The requester brings the money, and all of the budget is held."""
        record = self._records[job.key] = record_of(job)
        self.ledger.post(recipes.fund(str(job.key), record.requester_id, job.budget_micros))
        self.ledger.post(recipes.hold(record.id, record.requester_id, job.budget_micros))

    def know(self, job: Job) -> None:
        """A job that is open already; after a restart its record is another object."""
        self._records[job.key] = record_of(job)

    def settled(self, settled: Settled) -> None:
        record, votes = self._records[settled.bundle.job.key], len(settled.places)
        for standing in settled.paid:
            fast = votes if standing in settled.fast else 0
            self.books.paid(record, standing.node.owner, standing.node.key, votes, fast)
        for standing in settled.rejected:
            self.books.rejected(record, standing.node.key, votes)

    def surplus(self, surplus: Surplus) -> None:
        node = surplus.standing.node
        votes = len(surplus.places)
        fast = votes if surplus.fast else 0
        self.books.paid(self._records[surplus.bundle.job.key], node.owner, node.key, votes, fast)

    def again(self, job_key: int, owner: int, node: int, votes: int, fast: int) -> None:
        """After a restart: votes that no settlement covers yet, `fast` of them with the bonus."""
        self.books.paid(self._records[job_key], owner, node, votes, fast)

    def close(self, batch: int, finished: Iterable[Job] = ()) -> list[Transaction]:
        """Settlements of everything in the books, and refunds of what finished jobs did not spend."""
        transactions = self.books.close(batch, self._owners)
        for job in finished:
            record, rest = self._records[job.key], job.budget_micros - job.spent_micros
            if rest:
                transactions.append(recipes.refund(record.id, record.requester_id, rest))
        self.books.take_judged()
        return transactions

    def post(self, transactions: Iterable[Transaction]) -> None:
        for transaction in transactions:
            self.ledger.post(transaction)
