"""Validator `ranked_list`: the best first, compared as rankings: the same up to ties, or with enough items in common.

For searches whose scores differ in the last digits or whose tail is noise. A result is a list or tuple of distinct
items, or of pairs (item, score) when `scored`. It must never compare what is no ranking (an item twice, or scores out
of order), and joins rankings around a median one, never along chains.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import ClassVar, Final, NamedTuple

from we1web.domain.validators import _cluster
from we1web.domain.validators._cluster import Member
from we1web.domain.validators._items import LIST, Items, items_of, parts_of
from we1web.domain.validators._parameters import check_known, flag, number, refuse, whole
from we1web.domain.validators._reading import Reading, read
from we1web.domain.validators._tolerance import STRICT_ENOUGH, Scope, Tolerance, tolerance_of
from we1web.protocol import values

MAX_K = 1 << 20
_ROUNDING = 1e-6
"""55 % of twenty are eleven, whatever floating point says."""


class Score(NamedTuple):
    form: Hashable
    """How item and score are written, a list or a tuple, a whole number or not: exact, as all structure is."""
    number: float
    bound: float
    """How far from it another may be, if this one is the larger."""

    def similar(self, other: "Score") -> bool:
        return self.form == other.form and abs(self.number - other.number) <= max(self.bound, other.bound)


_NO_SCORE = Score(None, 0.0, 0.0)
Ranking = dict[bytes, Score]
"""Items with their scores, the best first."""


@dataclass(frozen=True, slots=True)
class RankedList:
    name: ClassVar[str] = "ranked_list"
    bytewise: ClassVar[bool] = False
    k: int = 0
    """Only the first k items count; 0: all."""
    overlap: float = 1.0
    """The share of items that two rankings must have in common. Below 1 the order of unscored items is free."""
    scored: bool = False
    tolerance: Tolerance = STRICT_ENOUGH
    """Of scores: items whose scores are that close are tied, and may change places."""

    def classes(self, outcomes: Sequence[bytes]) -> list[bytes]:
        return _cluster.classes(outcomes, self._read, self)

    def configured(self, parameters: Mapping[str, object]) -> "RankedList":
        check_known(self.name, parameters, "k", "overlap", "scored", "abs", "rel")
        if parameters.get("overlap", 1) == 0:
            refuse("overlap is 0: any two rankings would be the same", "give a share above 0, up to 1")
        numbers = {key: value for key, value in parameters.items() if key in ("abs", "rel")}
        return RankedList(
            whole(parameters, "k", 0, most=MAX_K),
            number(parameters, "overlap", 1.0, most=1.0),
            flag(parameters, "scored", default=bool(numbers)),
            tolerance_of(self.name, numbers, STRICT_ENOUGH),
        )

    def similar(self, one: Ranking, other: Ranking) -> bool:
        common = one.keys() & other.keys()
        if len(common) + _ROUNDING < self.overlap * max(len(one), len(other)):
            return False
        return not self.scored or all(one[item].similar(other[item]) for item in common)

    def middle(self, members: Sequence[Member[Ranking]]) -> int:
        """The ranking that has most in common with all votes of its class, then the most median scores."""
        scores = _scores(members)
        votes = sum(member.votes for member in members)
        ranks = [(*_remoteness(member.reading, scores, votes), -member.votes, member.name) for member in members]
        return ranks.index(min(ranks))

    def _read(self, payload: bytes) -> tuple[Hashable, Ranking] | None:
        items = items_of(payload, LIST, values.TUPLE)
        if items is None:
            return None
        entries = [self._entry(encoded) for encoded in items.encoded[: self.k or None]]
        ranking = {entry[0]: entry[1] for entry in entries if entry}
        if len(ranking) < len(entries) or not _is_descending(list(ranking.values())):
            return None
        ordered = not self.scored and self.overlap == 1
        return (items.kind, tuple(ranking) if ordered else None), ranking

    def _entry(self, encoded: bytes) -> tuple[bytes, Score] | None:
        """An item and its score; None when there should be a score and there is none."""
        if not self.scored:
            return encoded, _NO_SCORE
        match parts_of(encoded, LIST, values.TUPLE):
            case Items(kind, (item, score)):
                found = read(score, Scope(self.tolerance))
                return (item, _score(kind, found)) if found and len(found.numbers) == 1 else None
        return None


def _score(kind: int, reading: Reading) -> Score:
    return Score((kind, reading.frame), reading.numbers[0], reading.bounds[0])


def _is_descending(scores: Sequence[Score]) -> bool:
    return all(better.number >= worse.number for better, worse in pairwise(scores))


def _scores(members: Sequence[Member[Ranking]]) -> dict[bytes, list[float]]:
    """The scores each item got, once for each vote, in order."""
    scores: dict[bytes, list[float]] = {}
    for member in members:
        for item, score in member.reading.items():
            scores.setdefault(item, []).extend([score.number] * member.votes)
    return {item: sorted(found) for item, found in scores.items()}


def _remoteness(ranking: Ranking, scores: Mapping[bytes, Sequence[float]], votes: int) -> tuple[int, float]:
    """How many items the votes do not share with this ranking, up to a constant, and how far its scores are off."""
    missing = votes * len(ranking) - 2 * sum(len(scores[item]) for item in ranking)
    return missing, max((_tolerances(score, scores[item]) for item, score in ranking.items()), default=0.0)


def _tolerances(score: Score, scores: Sequence[float]) -> float:
    """How many tolerances a score is away from the median."""
    difference = abs(score.number - scores[(len(scores) - 1) // 2])
    return difference / score.bound if score.bound else (inf if difference else 0.0)


VALIDATOR: Final = RankedList()
