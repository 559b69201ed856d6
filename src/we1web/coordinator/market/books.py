"""Money earned and not posted yet: per job and owner, from settled tasks to balanced ledger transactions."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from we1web.coordinator.market.pooling import Membership, Shared
from we1web.coordinator.market.records import JobRecord
from we1web.domain import pools, recipes
from we1web.domain.ledger import Transaction
from we1web.domain.pools import Share


class Judged(NamedTuple):
    """What became of a node's votes for a job."""

    node: int
    record: JobRecord
    paid: int
    rejected: int
    fast: int
    """How many of the paid ones earn the bonus."""
    share: Share
    """Whose what they earned is: the node's owner's alone, or a pool's as well."""

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
        self._owners: dict[int, int] = {}
        self._members: Mapping[int, Membership] = {}
        self._shared: list[Shared] = []

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
        self._owners[node] = owner
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

    @property
    def owners(self) -> set[int]:
        """Who is going to be paid."""
        return {owner for by_owner in self._votes.values() for owner in by_owner}

    def share(self, members: Mapping[int, Membership]) -> None:
        """Says which owners are in a pool, until the books are closed and what was judged is taken."""
        self._members = members

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
        given: dict[UUID, recipes.PoolShare] = {}
        for owner in by_owner.keys() & self._members.keys() if self._members else ():
            membership, user, gross = self._members[owner], owners[owner], payouts[owners[owner]]
            share = pools.share(gross, membership.terms)
            payouts[user] = share.member
            before = given.get(membership.pool, recipes.PoolShare(0, 0))
            after = recipes.PoolShare(before.treasury + share.commission, before.pot + share.pooled)
            given[membership.pool] = after
            if gross:
                self._shared.append(Shared(record, user, membership, by_owner[owner][0], gross, share))
        return recipes.settle(record.id, batch, payouts, fee, currency=record.currency, pools=given)

    def take_shared(self) -> list[Shared]:
        """What the settlements just made shared with pools."""
        found, self._shared = self._shared, []
        return found

    def take_judged(self) -> list[Judged]:
        """Since the last call, for telling the nodes."""
        found = self.judged()
        self._judged, self._jobs = {}, {key: self._jobs[key] for key in self._votes}
        self._owners, self._members = {}, {}
        return found

    def judged(self) -> list[Judged]:
        """The same, and they stay: for counting them."""
        sums: dict[tuple[int, int], int] = {}
        return [
            Judged(node, self._jobs[key], paid, rejected, fast, self._share(node, key, paid, fast, sums))
            for node, by_job in self._judged.items()
            for key, (paid, rejected, fast) in by_job.items()
        ]

    def _share(self, node: int, key: int, paid: int, fast: int, sums: dict[tuple[int, int], int]) -> Share:
        """A node's part of its owner's share in a job: those of all the owner's nodes sum to what is settled."""
        owner, earned = self._owners.get(node), self._jobs[key].earned_micros(paid, fast)
        membership = None if owner is None else self._members.get(owner)
        if owner is None or membership is None:
            return Share(0, earned, 0)
        before = sums.get((owner, key), 0)
        sums[owner, key] = before + earned
        return pools.share(before + earned, membership.terms).less(pools.share(before, membership.terms))
