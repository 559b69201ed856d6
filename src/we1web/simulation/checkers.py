"""What must hold whatever happens: small observers with books of their own, asked after every event.

Each keeps its own record of the facts and never believes the engine's. A checker overrides the hooks it needs; `Watch`
calls no others. A broken promise is a `Violation`, which ends the run.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from we1web.domain.ledger import AccountKind
from we1web.engine.effects import Settled, Surplus
from we1web.engine.state import VERIFIED, Bundle, Hold, Job, Node
from we1web.simulation.accounts import MemoryLedger


class Violation(AssertionError):
    """A promise was broken."""


class Checker:
    """Hooks, in the order in which things happen to a bundle."""

    def leased(self, node: Node, bundle: Bundle, hold: Hold) -> None:
        """A node was given a bundle."""

    def counted(self, node: Node, bundle: Bundle, outcomes: Sequence[bytes]) -> None:
        """A report was accepted."""

    def settled(self, settled: Settled) -> None:
        """Tasks ended."""

    def surplus(self, surplus: Surplus) -> None:
        """A late vote is paid."""

    def expelled(self, node: Node) -> None:
        """A node may not work any more."""

    def posted(self, ledger: MemoryLedger) -> None:
        """Money moved."""

    def finished(self, job: Job, ledger: MemoryLedger) -> None:
        """A job ended, and its money is where it belongs."""

    def over(self, jobs: Iterable[Job]) -> None:
        """The simulation ends."""


class LedgerBalances(Checker):
    """The ledger sums to zero, and nobody owes anything but the world."""

    def posted(self, ledger: MemoryLedger) -> None:
        total = sum(ledger.balances.values())
        _hold(total == 0, f"the ledger sums to {total}")
        for account, amount in ledger.balances.items():
            _hold(amount >= 0 or account.kind is AccountKind.WORLD, f"{account.kind} of {account.owner} is {amount}")


class PaidOnceForRightVotes(Checker):
    """Each vote is paid at most once, and only when the node gave it and it equals what was accepted."""

    def __init__(self) -> None:
        self._votes: dict[tuple[int, int], bytes] = {}
        self._accepted: dict[int, bytes] = {}
        self._paid: set[tuple[int, int]] = set()

    def counted(self, node: Node, bundle: Bundle, outcomes: Sequence[bytes]) -> None:
        key = node.key
        for task, encoded in enumerate(outcomes, bundle.id):
            self._votes[task, key] = encoded

    def settled(self, settled: Settled) -> None:
        first = settled.bundle.id
        _hold(settled.state == VERIFIED or not settled.paid, f"paid for unverified tasks of bundle {first}")
        for place, accepted in zip(settled.places, settled.outcomes, strict=True):
            self._accepted[first + place] = accepted
            for standing in settled.paid:
                self._pay(settled.bundle, place, standing.node.key)

    def surplus(self, surplus: Surplus) -> None:
        for place in surplus.places:
            self._pay(surplus.bundle, place, surplus.standing.node.key)

    def _pay(self, bundle: Bundle, place: int, node: int) -> None:
        task = bundle.id + place
        vote, accepted = self._votes.get((task, node)), self._accepted[task]
        _hold((task, node) not in self._paid, f"node {node} is paid twice for task {task}")
        _hold(vote is not None, f"node {node} is paid for task {task} without a vote")
        if vote != accepted:
            one, other = bundle.job.validator.classes([vote or b"", accepted])
            _hold(one == other, f"node {node} is paid for a rejected vote on task {task}")
        self._paid.add((task, node))


class NoVoteIsLost(Checker):
    """Every vote that was accepted and equals what was agreed on is paid in the end, unless its node was expelled."""

    def __init__(self) -> None:
        self._votes: dict[tuple[int, int], bytes] = {}
        self._expelled: set[int] = set()
        self._accepted: dict[int, bytes] = {}
        self._paid: set[tuple[int, int]] = set()

    def counted(self, node: Node, bundle: Bundle, outcomes: Sequence[bytes]) -> None:
        if not node.referee:
            for task, encoded in enumerate(outcomes, bundle.id):
                self._votes[task, node.key] = encoded

    def settled(self, settled: Settled) -> None:
        first = settled.bundle.id
        for place, accepted in zip(settled.places, settled.outcomes, strict=True):
            if settled.state == VERIFIED:
                self._accepted[first + place] = accepted
            self._paid.update((first + place, standing.node.key) for standing in settled.paid)

    def surplus(self, surplus: Surplus) -> None:
        self._paid.update((surplus.bundle.id + place, surplus.standing.node.key) for place in surplus.places)

    def expelled(self, node: Node) -> None:
        self._expelled.add(node.key)

    def over(self, jobs: Iterable[Job]) -> None:
        for (task, key), vote in self._votes.items():
            if vote == self._accepted.get(task) and (task, key) not in self._paid:
                _hold(key in self._expelled, f"the vote of node {key} on task {task} was accepted, right, and lost")


class QuorumReached(Checker):
    """A result rests on as many owners as its policy promises, or on a referee."""

    def __init__(self) -> None:
        self._judged: set[int] = set()

    def counted(self, node: Node, bundle: Bundle, outcomes: Sequence[bytes]) -> None:
        if node.referee:
            self._judged.update(range(bundle.id, bundle.id + len(outcomes)))

    def settled(self, settled: Settled) -> None:
        if settled.state != VERIFIED:
            return
        agreed = {standing.node.owner for standing in settled.paid}
        voters = agreed.union(standing.node.owner for standing in settled.rejected)
        policy = settled.bundle.job.policy
        enough = len(voters) >= policy.quorum and len(agreed) >= min(2, policy.quorum)
        judged = all(settled.bundle.id + place in self._judged for place in settled.places)
        _hold(
            enough or judged,
            f"{policy.name} accepted {settled.bundle.id} on {len(agreed)} of {len(voters)} owners",
        )


class OneVoteAnOwner(Checker):
    """No two reports on a bundle come from one owner, and nobody votes on a job of its own."""

    def __init__(self) -> None:
        self._voted: set[tuple[int, int]] = set()

    def counted(self, node: Node, bundle: Bundle, outcomes: Sequence[bytes]) -> None:
        vote = (bundle.id, node.owner)
        if node.referee:
            return
        _hold(vote not in self._voted, f"owner {node.owner} votes twice on bundle {bundle.id}")
        _hold(node.owner != bundle.job.requester, f"owner {node.owner} votes on a job of its own")
        self._voted.add(vote)


class WithinCapacity(Checker):
    """No node holds more than it asked for, is asked while it is away, or is asked for what it cannot do."""

    def leased(self, node: Node, bundle: Bundle, hold: Hold) -> None:
        _hold(len(node.held) <= node.window, f"node {node.key} holds {len(node.held)} of {node.window}")
        _hold(node.alive and node.active and node.accepting, f"node {node.key} was asked while it may not work")
        _hold(not hold.standing.expelled, f"node {node.key} was asked although it was expelled")
        if not node.referee:
            self._suits(node, bundle.job)

    def _suits(self, node: Node, job: Job) -> None:
        wanted = job.requirements
        _hold(node.memory_bytes >= job.memory_bytes, f"node {node.key} has too little memory for job {job.key}")
        _hold(not wanted.gpu or bool(node.gpu), f"node {node.key} has no graphics processor for job {job.key}")
        allowed = not wanted.countries or node.country in wanted.countries
        _hold(allowed, f"node {node.key} is in {node.country!r}, where job {job.key} may not run")


class EveryTaskEnds(Checker):
    """Each task ends exactly once."""

    def __init__(self) -> None:
        self._ended: dict[int, set[int]] = {}

    def settled(self, settled: Settled) -> None:
        ended = self._ended.setdefault(settled.bundle.job.key, set())
        tasks = {settled.bundle.id + place for place in settled.places}
        _hold(ended.isdisjoint(tasks), f"tasks {sorted(ended & tasks)[:5]} ended twice")
        ended |= tasks

    def over(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            ended = len(self._ended.get(job.key, ()))
            _hold(ended == job.total, f"{ended} of {job.total} tasks of job {job.key} ended")


class MoneyAddsUp(Checker):
    """A finished job has spent the price of what was paid, with the bonus of what was fast, and its escrow is empty."""

    def __init__(self) -> None:
        self._votes: Counter[int] = Counter()
        self._fast: Counter[int] = Counter()

    def settled(self, settled: Settled) -> None:
        key, tasks = settled.bundle.job.key, len(settled.places)
        self._votes[key] += tasks * len(settled.paid)
        self._fast[key] += tasks * len(settled.fast)
        _hold(all(standing in settled.paid for standing in settled.fast), "who was not right gets no bonus")

    def surplus(self, surplus: Surplus) -> None:
        key, tasks = surplus.bundle.job.key, len(surplus.places)
        self._votes[key] += tasks
        self._fast[key] += tasks if surplus.fast else 0

    def finished(self, job: Job, ledger: MemoryLedger) -> None:
        paid = self._votes[job.key] * job.price_micros + self._fast[job.key] * job.bonus_micros
        _hold(job.spent_micros == paid, f"job {job.key} spent {job.spent_micros}, its votes cost {paid}")
        _hold(paid <= job.budget_micros, f"job {job.key} cost {paid} of {job.budget_micros}")
        _hold(ledger.escrow(job.key) == 0, f"{ledger.escrow(job.key)} stay in the escrow of job {job.key}")


def all_checkers() -> list[Checker]:
    """A fresh one of each."""
    kinds = (
        LedgerBalances,
        PaidOnceForRightVotes,
        NoVoteIsLost,
        QuorumReached,
        OneVoteAnOwner,
        WithinCapacity,
        EveryTaskEnds,
    )
    return [*(kind() for kind in kinds), MoneyAddsUp()]


class Watch:
    """Calls the hooks that are overridden, in the order of the checkers."""

    def __init__(self, checkers: Sequence[Checker]) -> None:
        self.leased = _all([c.leased for c in checkers], Checker.leased)
        self.counted = _all([c.counted for c in checkers], Checker.counted)
        self.settled = _all([c.settled for c in checkers], Checker.settled)
        self.surplus = _all([c.surplus for c in checkers], Checker.surplus)
        self.expelled = _all([c.expelled for c in checkers], Checker.expelled)
        self.posted = _all([c.posted for c in checkers], Checker.posted)
        self.finished = _all([c.finished for c in checkers], Checker.finished)
        self.over = _all([c.over for c in checkers], Checker.over)


def _all(hooks: Sequence[Any], default: Any) -> Callable[..., None]:
    wanted = [hook for hook in hooks if hook.__func__ is not default]

    def call(*arguments: Any) -> None:
        for hook in wanted:
            hook(*arguments)

    return call


def _hold(true: bool, otherwise: str) -> None:
    if not true:
        raise Violation(otherwise)
