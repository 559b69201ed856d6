"""Money earned and not posted yet: per job and owner, from settled tasks to balanced ledger transactions."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from we1web.coordinator.market.records import JobRecord
from we1web.domain import recipes
from we1web.domain.ledger import Transaction


class Judged(NamedTuple):
    """What became of a node's votes for a job."""

    node: int
    record: JobRecord
    paid: int
    rejected: int
    fast: int
    """How many of the paid ones earn the bonus."""

    @property
    def earned_micros(self) -> int:
        return self.record.earned_micros(self.paid, self.fast)


class Books:
    """Credits since the last settlement. Only the journal writes and empties it, so it is as durable as its flushes."""

    def __init__(self) -> None:
        self._jobs: dict[int, JobRecord] = {}
        self._votes: dict[int, dict[int, list[int]]] = {}
        """Job -> owner -> [votes, those with the bonus among them]."""
        self._judged: dict[int, dict[int, list[int]]] = {}
        self._ended = [0, 0]

    @property
    def empty(self) -> bool:
        return not self._votes

    @property
    def idle(self) -> bool:
        """Nothing to post, to count or to tell."""
        return not (self._votes or self._judged or any(self._ended))

    def paid(self, record: JobRecord, owner: int, node: int, votes: int, fast: int = 0) -> None:
        """So many votes of an owner's node agreed, `fast` of them in time for the bonus."""
        self._jobs[record.key] = record
        mine = self._votes.setdefault(record.key, {}).setdefault(owner, [0, 0])
        judgement = self._judgement(record, node)
        mine[0] += votes
        judgement[0] += votes
        if fast:
            mine[1] += fast
            judgement[2] += fast

    def rejected(self, record: JobRecord, node: int, votes: int) -> None:
        """So many votes of a node disagreed: nothing is owed, but it shall be told."""
        self._jobs[record.key] = record
        self._judgement(record, node)[1] += votes

    def ended(self, verified: int, failed: int) -> None:
        """So many tasks ended."""
        self._ended[0] += verified
        self._ended[1] += failed

    def take_ended(self) -> tuple[int, int]:
        """(verified, failed) since the last call."""
        (verified, failed), self._ended = self._ended, [0, 0]
        return verified, failed

    def _judgement(self, record: JobRecord, node: int) -> list[int]:
        return self._judged.setdefault(node, {}).setdefault(record.key, [0, 0, 0])

    def close(self, batch: int, owners: Mapping[int, UUID]) -> list[Transaction]:
        """One settlement a job; the books are empty afterwards. `batch` is never used twice."""
        votes, self._votes = self._votes, {}
        paying = [(self._jobs[key], by_owner) for key, by_owner in sorted(votes.items())]
        return [self._settlement(record, batch, by_owner, owners) for record, by_owner in paying if record.price_micros]

    def _settlement(
        self, record: JobRecord, batch: int, by_owner: Mapping[int, Sequence[int]], owners: Mapping[int, UUID]
    ) -> Transaction:
        payouts = {owners[owner]: record.earned_micros(votes, fast) for owner, (votes, fast) in by_owner.items()}
        fee = sum(record.due_fee_micros(votes, fast) for votes, fast in by_owner.values())
        return recipes.settle(record.id, batch, payouts, fee, currency=record.currency)

    def take_judged(self) -> list[Judged]:
        """Since the last call, for telling the nodes."""
        found = self.judged()
        self._judged, self._jobs = {}, {key: self._jobs[key] for key in self._votes}
        return found

    def judged(self) -> list[Judged]:
        """The same, and they stay: for counting them."""
        return [
            Judged(node, self._jobs[key], *counts)
            for node, by_job in self._judged.items()
            for key, counts in by_job.items()
        ]
