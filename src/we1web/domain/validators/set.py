"""Validator `set`: a list, tuple or set as an unordered collection; its items are compared exactly.

For results that are found in no particular order. It must never let the order stand for the answer, nor mix kinds of
collections: a list and a tuple of the same items differ, as they do under every validator.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from we1web.domain.validators import _cluster
from we1web.domain.validators._cluster import Member
from we1web.domain.validators._items import LIST, Items, items_of
from we1web.domain.validators._parameters import check_known, flag
from we1web.protocol import values

_SETS = (values.SET, values.FROZENSET)


@dataclass(frozen=True, slots=True)
class Unordered:
    name: ClassVar[str] = "set"
    bytewise: ClassVar[bool] = False
    duplicates: bool = True
    """Whether it matters how often an item occurs."""

    def classes(self, outcomes: Sequence[bytes]) -> list[bytes]:
        return _cluster.classes(outcomes, self._read, self)

    def configured(self, parameters: Mapping[str, object]) -> "Unordered":
        check_known(self.name, parameters, "duplicates")
        return Unordered(flag(parameters, "duplicates", default=True))

    def similar(self, _one: Items, _other: Items) -> bool:
        return True  # of the same frame, so of the same items

    def middle(self, members: Sequence[Member[Items]]) -> int:
        """The order that most voters chose."""
        ranks = [(-member.votes, member.name) for member in members]
        return ranks.index(min(ranks))

    def _read(self, payload: bytes) -> tuple[Hashable, Items] | None:
        items = items_of(payload, LIST, values.TUPLE, *_SETS)
        if items is None:
            return None
        # A set that holds an item twice has no meaning, so it must never pass for one that does not.
        counted = self.duplicates or items.kind in _SETS
        return (items.kind, tuple(sorted(items.encoded if counted else set(items.encoded)))), items


VALIDATOR: Final = Unordered()
