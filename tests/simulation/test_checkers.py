"""Each checker catches the bug it is for: bugs are planted into an engine, a policy or the books, and only here."""

from collections.abc import Sequence

import pytest

from we1web.domain.ledger import Posting, Transaction
from we1web.engine.effects import Settled, Surplus
from we1web.engine.placement import Leases
from we1web.engine.reactor import Engine
from we1web.engine.state import Job, Node
from we1web.protocol import outcome
from we1web.simulation.accounts import Accounts, KeyReused, MemoryLedger
from we1web.simulation.checkers import (
    Checker,
    EveryTaskEnds,
    LedgerBalances,
    MoneyAddsUp,
    NoVoteIsLost,
    OneVoteAnOwner,
    PaidOnceForRightVotes,
    QuorumReached,
    Violation,
    WithinCapacity,
)

from .worlds import members, world


class PaysTwice(Engine):
    """Pays a vote again, as if it had come late."""

    def take_settled(self) -> list[Settled]:
        settled = super().take_settled()
        self.state.surplus += [Surplus(one.bundle, one.places, one.paid[0]) for one in settled[:1]]
        return settled


class PaysTheRejected(Engine):
    """Settles another outcome than the voters gave."""

    def take_settled(self) -> list[Settled]:
        return [one._replace(outcomes=[outcome.value(b"other")] * len(one.places)) for one in super().take_settled()]


class LosesAVote(Engine):
    """Forgets to pay the last of those who agreed."""

    def take_settled(self) -> list[Settled]:
        return [one._replace(paid=one.paid[:-1], rejected=one.paid[-1:]) for one in super().take_settled()]


class ForgetsWhoVoted(Engine):
    """Does not remember the owners of a bundle's votes."""

    def report(self, node: Node, bundle_id: int, outcomes: Sequence[bytes], run_us: int, now: float) -> str:
        bundle = self.state.bundles.get(bundle_id)
        refused = super().report(node, bundle_id, outcomes, run_us, now)
        if bundle is not None:
            bundle.owners.pop(node.owner, None)
        return refused


class AcceptsTwo(Engine):
    """Settles on fewer voters than the policy promises."""

    def take_settled(self) -> list[Settled]:
        return [one._replace(paid=one.paid[:2]) for one in super().take_settled()]


class SettlesTwice(Engine):
    """Ends a task again, unpaid this time."""

    def take_settled(self) -> list[Settled]:
        settled = super().take_settled()
        return settled + [one._replace(paid=(), state=3) for one in settled]


class IgnoresWindows(Engine):
    """Believes that every node can hold everything."""

    def place(self, now: float) -> Leases:
        windows = {node: node.window for node in self.state.nodes.values()}
        for node in windows:
            node.window = 100
        leases = super().place(now)
        for node, window in windows.items():
            node.window = window
        return leases


class Overcharges(Engine):
    """Counts more money as spent than was paid out."""

    def take_finished(self) -> list[Job]:
        finished = super().take_finished()
        for job in finished:
            job.spent_micros += 1
        return finished


class NeverEnds(Engine):
    """Hands out nothing."""

    def place(self, now: float) -> Leases:
        return {}


@pytest.mark.parametrize(
    ("bug", "checker", "caught"),
    [
        (PaysTwice, PaidOnceForRightVotes, "paid twice"),
        (PaysTheRejected, PaidOnceForRightVotes, "rejected vote"),
        (LosesAVote, NoVoteIsLost, "lost"),
        (AcceptsTwo, QuorumReached, "accepted .* on 2 of 2 owners"),
        (ForgetsWhoVoted, OneVoteAnOwner, "votes twice"),
        (SettlesTwice, EveryTaskEnds, "ended twice"),
        (IgnoresWindows, WithinCapacity, r"holds \d+ of 4"),
        (Overcharges, MoneyAddsUp, "its votes cost"),
        (NeverEnds, EveryTaskEnds, "never end"),
    ],
)
def test_a_planted_bug_is_caught_by_its_checker(bug: type[Engine], checker: type[Checker], caught: str) -> None:
    broken = world(members(9, owners=3 if bug is ForgetsWhoVoted else 0), checkers=[checker()])
    broken.engine = bug(1)
    with pytest.raises(Violation, match=caught):
        broken.run()


def test_the_engines_own_invariants_are_looked_at_on_the_way() -> None:
    broken = world(members(9, owners=3))
    broken.engine = ForgetsWhoVoted(1)
    with pytest.raises(AssertionError, match="voters are known as owners"):
        broken.run()


class UnbalancedBooks(Accounts):
    """A settlement that pays a little more than it takes."""

    def close(self, batch: int, finished: Sequence[Job] = ()) -> list[Transaction]:
        transactions = super().close(batch, finished)
        for transaction in transactions:
            account, amount = transaction.postings[-1]
            more = (*transaction.postings[:-1], Posting(account, amount + 1))
            object.__setattr__(transaction, "postings", more)
        return transactions


def test_an_unbalanced_posting_is_caught() -> None:
    broken = world(members(9), checkers=[LedgerBalances()])
    broken.accounts = UnbalancedBooks(broken.ledger)
    with pytest.raises(Violation, match="the ledger sums to"):
        broken.run()


def test_the_ledger_knows_each_key_once() -> None:
    ledger = MemoryLedger()
    accounts = Accounts(ledger)
    honest = world(members(4))
    job = honest.plan.jobs[0].job(1, honest.policy, honest.strategy, 0.0)
    accounts.open(job)
    before = dict(ledger.balances)
    accounts.open(job)
    assert ledger.balances == before
    job.budget_micros += 1
    with pytest.raises(KeyReused):
        accounts.open(job)


def test_an_honest_world_is_clean() -> None:
    honest = world(members(9), tasks=40, bundle=3)
    tally = honest.run()
    assert (tally.accepted, tally.wrong, tally.failed) == (40, 0, 0)
    assert tally.executions == 120
    assert tally.honest_unpaid == 0.0
    assert sum(honest.ledger.balances.values()) == 0
