"""Votes and what can be concluded from them: the vocabulary all policies share, and the arithmetic under it.

Pure and independent of the order of votes. It must never see a result, only its digest, and never accept by count
alone: weight is what a record earned (reputation.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, log
from typing import NamedTuple

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


class Trust(NamedTuple):
    """What is known about the network as a whole."""

    proven_share: float
    """Share of the nodes that are proven, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """The policy accepts `digest`. Positions index the judged votes."""

    digest: bytes
    agreed: tuple[int, ...]
    dissent: tuple[int, ...]
    verified: bool
    """Whether reputations may change on it."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """All equal so far, but too few: `missing` more votes are wanted."""

    missing: int


@dataclass(frozen=True, slots=True)
class Disputed:
    """Votes differ: `missing` more are wanted."""

    missing: int


@dataclass(frozen=True, slots=True)
class Split:
    """Nothing can be accepted and no further vote will come."""


Verdict = Agreed | Undecided | Disputed | Split


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


def is_verified(agreed: Sequence[Vote], trust: Trust) -> bool:
    """Whether an agreement of these votes may change reputations: two owners, one of them proven."""
    if len({vote.owner for vote in agreed}) < 2:
        return False
    return trust.proven_share < COLD_START_SHARE or any(vote.proven for vote in agreed)


def accept(camp: Camp, counted: Tally, votes: Sequence[Vote], trust: Trust) -> Agreed:
    """The verdict for `camp`."""
    dissent = sorted(position for other in counted.camps if other is not camp for position in other.positions)
    backers = [votes[position] for position in camp.positions]
    return Agreed(camp.digest, camp.positions, tuple(dissent), is_verified(backers, trust))


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
