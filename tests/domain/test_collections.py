"""Collections as answers: `set` without an order, `ranked_list` with one that ties and tails may blur."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.validator import Validator, representative, same, validator_of
from we1web.protocol import outcome, values

SCORED = {"scored": True, "abs": 0.1, "rel": 0}
small = st.lists(st.integers(0, 4), max_size=6)


def encoded(value: object) -> bytes:
    return outcome.value(values.dumps(value))


def alike(validator: Validator, one: object, other: object) -> bool:
    return same(validator, encoded(one), encoded(other))


def accepted(validator: Validator, panel: list[Any]) -> Any:
    """What the one class of all these is accepted as."""
    outcomes = [encoded(value) for value in panel]
    (name,) = set(validator.classes(outcomes))
    return panel[representative(outcomes, name)]


class TestSet:
    @given(one=small, other=small)
    def test_lists_are_compared_as_bags(self, one: list[int], other: list[int]) -> None:
        assert alike(validator_of("set", {}), one, other) == (Counter(one) == Counter(other))

    @given(one=small, other=small)
    def test_or_as_sets(self, one: list[int], other: list[int]) -> None:
        assert alike(validator_of("set", {"duplicates": False}), one, other) == (set(one) == set(other))

    @pytest.mark.parametrize(
        ("one", "other"),
        [([1, 2], (2, 1)), ([1, 2], {1, 2}), ({1}, frozenset({1})), ([1], [1.0]), ([1], [True]), ([[1, 2]], [[2, 1]])],
    )
    def test_kinds_and_items_are_exact(self, one: object, other: object) -> None:
        assert not alike(validator_of("set", {}), one, other)

    def test_items_may_be_anything(self) -> None:
        items: list[Any] = [{"a": 1}, [1, {2}], None, "x", 2**80]
        assert alike(validator_of("set", {}), items, items[::-1])
        assert alike(validator_of("set", {}), (), ())
        assert alike(validator_of("set", {}), {1, "a"}, {"a", 1})

    def test_what_is_no_collection_is_compared_by_its_bytes(self) -> None:
        assert alike(validator_of("set", {}), 1, 1)
        assert not alike(validator_of("set", {}), {"a": 1, "b": 2}, {"b": 2, "a": 1})

    def test_a_set_with_an_item_twice_never_passes_for_one(self) -> None:
        honest = values.dumps({1, 2})
        doubled = b"\x94" + honest[1:] + honest[-1:]
        found = validator_of("set", {"duplicates": False}).classes([outcome.value(honest), outcome.value(doubled)])
        assert len(set(found)) == 2

    def test_the_order_that_most_chose_is_accepted(self) -> None:
        assert accepted(validator_of("set", {}), [[1, 2, 3], [3, 2, 1], [2, 1, 3], [3, 2, 1]]) == [3, 2, 1]


class TestRankedList:
    def test_without_scores_the_order_is_the_answer(self) -> None:
        exact = validator_of("ranked_list", {})
        assert alike(exact, ["a", "b"], ["a", "b"])
        assert not alike(exact, ["a", "b"], ["b", "a"])
        assert not alike(exact, ["a", "b"], ("a", "b"))

    def test_only_the_first_k_count(self) -> None:
        first_two = validator_of("ranked_list", {"k": 2})
        assert alike(first_two, ["a", "b", "c"], ["a", "b", "x", "y"])
        assert not alike(first_two, ["a", "b", "c"], ["a", "c", "b"])

    @pytest.mark.parametrize(("share", "enough"), [(0.6, True), (0.75, True), (0.8, False)])
    def test_a_share_in_common_is_enough(self, share: float, enough: bool) -> None:
        validator = validator_of("ranked_list", {"overlap": share})
        assert alike(validator, ["a", "b", "c", "d"], ["d", "c", "x", "a"]) == enough

    def test_a_share_is_of_the_longer_list(self) -> None:
        assert not alike(validator_of("ranked_list", {"overlap": 0.5}), ["a"], ["a", "b", "c"])

    def test_shares_are_counted_without_rounding_errors(self) -> None:
        validator = validator_of("ranked_list", {"overlap": 0.55})
        assert alike(validator, list(range(20)), [*range(11), *range(100, 109)])

    def test_ties_may_change_places(self) -> None:
        scored = validator_of("ranked_list", SCORED)
        assert alike(scored, [("a", 1.0), ("b", 0.95)], [("b", 1.0), ("a", 0.95)])
        assert not alike(scored, [("a", 1.0), ("b", 0.5)], [("b", 1.0), ("a", 0.5)])
        assert not alike(scored, [("a", 1.0), ("b", 0.95)], [("a", 1.0), ("c", 0.95)])

    def test_giving_a_tolerance_means_that_there_are_scores(self) -> None:
        assert validator_of("ranked_list", {"abs": 0.1, "rel": 0}) == validator_of("ranked_list", SCORED)

    def test_both_a_share_and_scores(self) -> None:
        validator = validator_of("ranked_list", {**SCORED, "overlap": 0.5})
        assert alike(validator, [("a", 1.0), ("b", 0.5)], [("a", 1.05), ("c", 0.5)])
        assert not alike(validator, [("a", 1.0), ("b", 0.5)], [("a", 1.5), ("c", 0.5)])

    @pytest.mark.parametrize(
        "other",
        [
            [["a", 1.0], ("b", 0.5)],
            [("a", 1), ("b", 0.5)],
            [("b", 0.5), ("a", 1.0)],
            [("a", 1.0), ("b", 0.5), ("b", 0.5)],
            [("a", 1.0), ("b", "0.5")],
            [("a", 1.0), ("b", float("nan"))],
            [("a", 1.0), ("b", 0.5, 0)],
            [("a", 1.0), "b"],
        ],
        ids=["kind", "type", "order", "twice", "text", "nan", "triple", "bare"],
    )
    def test_what_is_no_ranking_or_written_otherwise_is_another_answer(self, other: object) -> None:
        assert not alike(validator_of("ranked_list", SCORED), [("a", 1.0), ("b", 0.5)], other)

    def test_the_ranking_in_the_middle_is_accepted(self) -> None:
        shares = validator_of("ranked_list", {"overlap": 0.3})
        assert accepted(shares, [["a", "b", "x"], ["a", "b", "c"], ["a", "z", "c"]]) == ["a", "b", "c"]
        scores = validator_of("ranked_list", SCORED)
        assert accepted(scores, [[("a", 1.0)], [("a", 1.03)], [("a", 1.09)]]) == [("a", 1.03)]
