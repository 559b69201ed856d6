"""Validator `numeric_tolerance`: the same structure, and every number within a tolerance of the class's median.

For results that are computed in floating point and differ in the last digits from machine to machine. It compares
values (protocol/values.py) exactly in all but their numbers. It must never let a chain of small steps join answers that
are far apart, nor accept bytes that some vote did not return: the accepted outcome is the member nearest to the median.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from operator import le, sub
from typing import ClassVar, Final

from we1web.domain.validators import _cluster
from we1web.domain.validators._cluster import Member
from we1web.domain.validators._reading import Reading, read
from we1web.domain.validators._tolerance import EVERYWHERE, Scope, scope_of


@dataclass(frozen=True, slots=True)
class NumericTolerance:
    name: ClassVar[str] = "numeric_tolerance"
    bytewise: ClassVar[bool] = False
    scope: Scope = EVERYWHERE

    def classes(self, outcomes: Sequence[bytes]) -> list[bytes]:
        return _cluster.classes(outcomes, self._read, self)

    def configured(self, parameters: Mapping[str, object]) -> "NumericTolerance":
        return NumericTolerance(scope_of(self.name, parameters))

    def similar(self, one: Reading, other: Reading) -> bool:
        if one.numbers == other.numbers:
            return True
        differences = map(abs, map(sub, one.numbers, other.numbers))
        return all(map(le, differences, map(max, one.bounds, other.bounds)))

    def middle(self, members: Sequence[Member[Reading]]) -> int:
        """The member nearest to the median of each number, counted in tolerances."""
        median = _medians(members)
        ranks = [(_distance(member.reading, median), -member.votes, member.name) for member in members]
        return ranks.index(min(ranks))

    def _read(self, payload: bytes) -> tuple[Hashable, Reading] | None:
        reading = read(payload, self.scope)
        return (reading.frame, reading) if reading else None


def _medians(members: Sequence[Member[Reading]]) -> list[float]:
    """For each number its median over the votes: the lower one when there are two."""
    votes = [member.reading.numbers for member in members for _ in range(member.votes)]
    place = (len(votes) - 1) // 2
    return [sorted(column)[place] for column in zip(*votes, strict=True)]


def _distance(reading: Reading, median: Sequence[float]) -> float:
    """How many tolerances the farthest number is away from the median."""
    return max(map(_tolerances, reading.numbers, median, reading.bounds), default=0.0)


def _tolerances(number: float, median: float, bound: float) -> float:
    difference = abs(number - median)
    return difference / bound if bound else (0.0 if not difference else float("inf"))


VALIDATOR: Final = NumericTolerance()
