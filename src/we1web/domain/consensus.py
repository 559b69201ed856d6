"""Votes and what can be concluded from them: the vocabulary all policies share, and the arithmetic under it.

Pure and independent of the order of votes. It must never see a result, only its digest, and never accept by count
alone: weight is what a record earned (reputation.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, fsum, log
from typing import Final, NamedTuple, Protocol

COLD_START_SHARE = 0.30
"""Until this share of the nodes is proven, any two owners that agree verify each other."""
SURE_RATE = 0.34
"""In a dispute no vote is trusted beyond this error rate: a record earned by agreeing may be captured."""


class Vote(NamedTuple):
    """One owner's word on a task. `delta`, `weight` and `proven` are the voting node's, at the time of judging."""

    digest: bytes
    owner: int
    delta: float
    weight: float
    proven: bool


class Case(NamedTuple):
    """Everything about a task besides its votes that a verdict may depend on."""

    proven_share: float = 0.0
    """Share of the nodes online that are proven, 0 to 1."""
    exhausted: bool = False
    """No further owner can be asked now."""
    referee: bool = False
    """A referee can be asked."""
    truth: bytes | None = None
    """The digest a referee computed, once it did."""
    refuted: frozenset[bytes] = frozenset()
    """Digests a referee found wrong without computing the right one."""
    draw: float = 1.0
    """The task's own random number, 0 to 1, that no node knows: it decides who is checked and what is audited. 0 is
    checked and audited whatever the rates are."""
    recalls: int = 0
    """How often an acceptance of this task was taken back because one of its voters was found out."""

    @property
    def cold(self) -> bool:
        """So few nodes are proven that newcomers must verify each other."""
        return self.proven_share < COLD_START_SHARE

    @property
    def second_draw(self) -> float:
        """Another number, independent of `draw` for every purpose here."""
        return (self.draw * 997.0 + 0.5) % 1.0 if self.draw else 0.0


@dataclass(frozen=True, slots=True)
class Agreed:
    """The policy accepts `digest`. Positions index the judged votes; none agree when only a referee found it."""

    digest: bytes
    agreed: tuple[int, ...]
    dissent: tuple[int, ...]
    verified: bool
    """Whether reputations may change on it."""
    error: float = 0.0
    """The chance that it is wrong, from the records of those who voted."""
    hold: bool = False
    """Not final yet: taken back when one of its voters is found out before the job ends or a time has passed."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """All equal so far, but too few: `missing` more votes are wanted."""

    missing: int


@dataclass(frozen=True, slots=True)
class Disputed:
    """Votes differ: `missing` more are wanted."""

    missing: int


@dataclass(frozen=True, slots=True)
class Referred:
    """A referee shall run the task: `why` is 'dispute', 'audit' or 'check'."""

    why: str


@dataclass(frozen=True, slots=True)
class Split:
    """Nothing can be accepted and no further vote will come."""


Verdict = Agreed | Undecided | Disputed | Referred | Split


class Voter(Protocol):
    """What a record says about a node that voted."""

    @property
    def delta(self) -> float: ...

    @property
    def weight(self) -> float: ...

    @property
    def proven(self) -> bool: ...


class Quick(NamedTuple):
    """The verdict on equal votes: 'more', 'refer', 'accept' or 'hold', and the error of an acceptance."""

    action: str
    error: float = 0.0


MORE: Final = Quick("more")
REFER: Final = Quick("refer")


class Camp(NamedTuple):
    """The votes for one digest."""

    digest: bytes
    positions: tuple[int, ...]
    weight: float
    evidence: float


class Tally(NamedTuple):
    """All votes that count, by digest, the best supported first."""

    camps: tuple[Camp, ...]
    votes: int
    """How many owners voted."""
    weight: float

    @property
    def unanimous(self) -> bool:
        return len(self.camps) == 1

    def share(self, camp: Camp) -> float:
        """The camp's share of all weight; 0 when nobody has any, so that nothing rests on unknown nodes alone."""
        return camp.weight / self.weight if self.weight > 0 else 0.0

    def lead(self) -> float:
        """How far the best camp's evidence is ahead of the second."""
        return self.camps[0].evidence - (0.0 if self.unanimous else self.camps[1].evidence)


def tally(votes: Sequence[Vote]) -> Tally:
    """Sorts votes into camps. An owner votes once: what else comes under its name counts for nothing."""
    places = _by_digest(votes)
    camps = [_camp(digest, positions, votes) for digest, positions in places.items()]
    camps.sort(key=lambda camp: (-camp.evidence, -camp.weight, camp.digest))
    counted = [votes[position].weight for positions in places.values() for position in positions]
    return Tally(tuple(camps), len(counted), fsum(counted))


def evidence(delta: float) -> float:
    """Log odds that a vote adds in a dispute: never more than a barely known node's, never below none."""
    rate = min(0.5, max(SURE_RATE, delta))
    return log((1 - rate) / rate)


def error_of(margin: float) -> float:
    """The chance that an answer is wrong whose support is ahead by `margin` log odds."""
    return 1.0 / (1.0 + exp(min(700.0, margin)))


def is_verified(agreed: Sequence[Vote], case: Case) -> bool:
    """Whether an agreement of these votes may change reputations: two owners, one of them proven."""
    if len({vote.owner for vote in agreed}) < 2:
        return False
    return case.cold or any(vote.proven for vote in agreed)


def accept(camp: Camp, counted: Tally, votes: Sequence[Vote], case: Case, *, hold: bool = False) -> Agreed:
    """The verdict for `camp`. In a dispute its error is what the capped evidence says, never what records promise."""
    dissent = sorted(position for other in counted.camps if other is not camp for position in other.positions)
    backers = [votes[position] for position in camp.positions]
    rival = max((other.evidence for other in counted.camps if other is not camp), default=0.0)
    margin = camp.weight if counted.unanimous else camp.evidence - rival
    return Agreed(camp.digest, camp.positions, tuple(dissent), is_verified(backers, case), error_of(margin), hold)


def ruled(truth: bytes, votes: Sequence[Vote]) -> Agreed:
    """The verdict of a referee: whoever answered as it did is right, however few."""
    agreed = tuple(position for position, vote in enumerate(votes) if vote.digest == truth)
    dissent = tuple(position for position, vote in enumerate(votes) if vote.digest != truth)
    return Agreed(truth, agreed, dissent, verified=True)


def strategy_free_bound(identities: int, check_rate: float, cliques: int = 0, audit_rate: float = 1.0) -> float:
    """Expected wrong results of liars who choose best when to lie, until they are caught (Golle and Mironov 2001).

    Each of `identities` single voters is checked with `check_rate` whenever it lies, each of `cliques` groups that
    vote together audited with `audit_rate`; who is caught lies no more: E[wrong] <= N(1-p)/p + M(1-a)/a.
    """
    alone = identities * (1 - check_rate) / check_rate
    return alone + cliques * (1 - audit_rate) / audit_rate


def _by_digest(votes: Sequence[Vote]) -> dict[bytes, list[int]]:
    places: dict[bytes, list[int]] = {}
    owners: set[int] = set()
    for position, vote in enumerate(votes):
        if vote.owner not in owners:
            owners.add(vote.owner)
            places.setdefault(vote.digest, []).append(position)
    return places


def _camp(digest: bytes, positions: list[int], votes: Sequence[Vote]) -> Camp:
    # fsum rounds once, so the order of votes cannot tip a verdict
    return Camp(
        digest,
        tuple(positions),
        fsum([votes[position].weight for position in positions]),
        fsum([evidence(votes[position].delta) for position in positions]),
    )
