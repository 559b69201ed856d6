"""Money earned and not posted yet: per job and owner, from settled tasks to balanced ledger transactions."""

from collections.abc import Mapping
from uuid import UUID

from we1web.coordinator.market.records import JobRecord
from we1web.domain import recipes
from we1web.domain.ledger import Transaction


class Books:
    """Credits since the last settlement. Only the journal writes and empties it, so it is as durable as its flushes."""

    def __init__(self) -> None:
        self._jobs: dict[int, JobRecord] = {}
        self._votes: dict[int, dict[int, int]] = {}
        self._judged: dict[int, dict[int, list[int]]] = {}
        self._ended = [0, 0]

    @property
    def empty(self) -> bool:
        return not self._votes

    @property
    def idle(self) -> bool:
        """Nothing to post, to count or to tell."""
        return not (self._votes or self._judged or any(self._ended))

    def paid(self, record: JobRecord, owner: int, node: int, votes: int) -> None:
        """So many votes of an owner's node agreed."""
        self._jobs[record.key] = record
        by_owner = self._votes.setdefault(record.key, {})
        by_owner[owner] = by_owner.get(owner, 0) + votes
        self._judgement(record, node)[0] += votes

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
        return self._judged.setdefault(node, {}).setdefault(record.key, [0, 0])

    def close(self, batch: int, owners: Mapping[int, UUID]) -> list[Transaction]:
        """One settlement a job; the books are empty afterwards. `batch` is never used twice."""
        votes, self._votes = self._votes, {}
        paying = [(self._jobs[key], by_owner) for key, by_owner in sorted(votes.items())]
        return [self._settlement(record, batch, by_owner, owners) for record, by_owner in paying if record.price_micros]

    def _settlement(
        self, record: JobRecord, batch: int, by_owner: Mapping[int, int], owners: Mapping[int, UUID]
    ) -> Transaction:
        payouts = {owners[owner]: votes * record.reward_micros for owner, votes in by_owner.items()}
        fee = sum(by_owner.values()) * record.fee_micros
        return recipes.settle(record.id, batch, payouts, fee, currency=record.currency)

    def take_judged(self) -> list[tuple[int, JobRecord, int, int]]:
        """(node key, job, votes paid, votes rejected) since the last call, for telling the nodes."""
        found = self.judged()
        self._judged, self._jobs = {}, {key: self._jobs[key] for key in self._votes}
        return found

    def judged(self) -> list[tuple[int, JobRecord, int, int]]:
        """The same, and they stay: for counting them."""
        return [
            (node, self._jobs[key], paid, rejected)
            for node, by_job in self._judged.items()
            for key, (paid, rejected) in by_job.items()
        ]
