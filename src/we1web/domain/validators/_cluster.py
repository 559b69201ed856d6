"""Sorts outcomes into classes when being the same answer is not transitive: around medians, never along chains.

The densest outcome that is left attracts those that are the same answer as it; from there the centre moves to the
median member of what it attracts, until it is that median itself. What the centre attracts is a class, and the rest
starts over. So every member is the same answer as the centre, no two centres are, and the order of outcomes decides
nothing. On a line the walk always ends at a median; in several dimensions it may go round in circles, and then the
densest of the circle is the centre. Quadratic in the number of distinct outcomes, which a policy bounds (25).
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from we1web.domain.validators._naming import name_of
from we1web.protocol import outcome
from we1web.protocol.limits import INLINE_BYTES

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
R_contra = TypeVar("R_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Member(Generic[R_co]):
    """One distinct outcome, what was read from it, and how many votes it has."""

    name: bytes
    votes: int
    reading: R_co


class Likeness(Protocol[R_contra]):
    """What a validator knows about readings with the same frame."""

    def similar(self, one: R_contra, other: R_contra) -> bool:
        """Are they the same answer? Symmetric, and true of equals."""

    def middle(self, members: Sequence[Member[R_contra]]) -> int:
        """The position of the median member; ties go to more votes, then to the smallest name."""


Read = Callable[[bytes], tuple[Hashable, R] | None]
"""A result's frame and reading. Results with different frames are different answers; None: there is none."""


def classes(outcomes: Sequence[bytes], read: Read[R], likeness: Likeness[R]) -> list[bytes]:
    """The name of each outcome's class. What cannot be read, failed or lies in a blob is a class by its digest."""
    names = [name_of(encoded) for encoded in outcomes]
    centres: dict[bytes, bytes] = {}
    for members in _by_frame(outcomes, names, read):
        centres.update(cluster(members, likeness))
    return [centres.get(name, name) for name in names]


def cluster(members: Sequence[Member[R]], likeness: Likeness[R]) -> dict[bytes, bytes]:
    """From the name of each member to the name of its class's centre."""
    field = _Field(sorted(members, key=lambda member: member.name), likeness)
    found: dict[bytes, bytes] = {}
    left = list(range(len(members)))
    while left:
        centre = field.centre(left)
        attracted = field.attracted(centre, left)
        found.update((field.members[place].name, field.members[centre].name) for place in attracted)
        left = [place for place in left if place not in attracted]
    return found


def _by_frame(outcomes: Sequence[bytes], names: Sequence[bytes], read: Read[R]) -> list[list[Member[R]]]:
    """Readable results as members, once for each name."""
    encodings = {name: encoded for name, encoded in zip(names, outcomes, strict=True) if _is_comparable(encoded)}
    groups: dict[Hashable, list[Member[R]]] = {}
    for name, encoded in encodings.items():
        found = read(outcome.payload(encoded))
        if found is not None:
            groups.setdefault(found[0], []).append(Member(name, names.count(name), found[1]))
    return list(groups.values())


def _is_comparable(encoded: bytes) -> bool:
    """Longer ones are blobs; one that is not breaks a rule, and is not worth reading."""
    is_value = outcome.well_formed(encoded) and encoded[0] == outcome.VALUE
    return is_value and len(encoded) <= outcome.HEADER_BYTES + INLINE_BYTES


class _Field(Generic[R]):
    """Members in the order of their names, and which of them are the same answer."""

    def __init__(self, members: Sequence[Member[R]], likeness: Likeness[R]) -> None:
        self.members = members
        self._likeness = likeness
        self._near: list[set[int]] = [{place} for place in range(len(members))]
        for place, one in enumerate(members):
            for later in range(place + 1, len(members)):
                if likeness.similar(one.reading, members[later].reading):
                    self._near[place].add(later)
                    self._near[later].add(place)

    def attracted(self, centre: int, left: Sequence[int]) -> list[int]:
        return [place for place in left if place in self._near[centre]]

    def centre(self, left: Sequence[int]) -> int:
        walk = [self._densest(left, left)]
        while (following := self._median(walk[-1], left)) not in walk:
            walk.append(following)
        return self._densest(walk[walk.index(following) :], left)

    def _densest(self, candidates: Sequence[int], left: Sequence[int]) -> int:
        """The candidate with most votes around it; the smallest name among equals."""
        return min(candidates, key=lambda place: (-self._votes(self.attracted(place, left)), place))

    def _median(self, centre: int, left: Sequence[int]) -> int:
        attracted = self.attracted(centre, left)
        return attracted[self._likeness.middle([self.members[place] for place in attracted])]

    def _votes(self, places: Sequence[int]) -> int:
        return sum(self.members[place].votes for place in places)
