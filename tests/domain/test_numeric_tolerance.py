"""Numbers within tolerance are one answer: around medians, exact in all else, whatever the type of the number."""

from collections.abc import Sequence
from math import inf, nan
from statistics import median_low
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.validator import Validator, representative, same, validator_of
from we1web.domain.validators._reading import MAX_NUMBERS, read
from we1web.domain.validators._tolerance import EVERYWHERE, STRICT_ENOUGH, Scope
from we1web.protocol import outcome, values

UNUSED = ((("no", "such", "place"), STRICT_ENOUGH),)
TENTH = validator_of("numeric_tolerance", {"abs": 0.1, "rel": 0})


def encoded(value: object) -> bytes:
    return outcome.value(values.dumps(value))


def groups(panel: Sequence[Any], validator: Validator = TENTH) -> list[list[Any]]:
    """The values by class, each class with its representative first."""
    outcomes = [encoded(value) for value in panel]
    names = validator.classes(outcomes)
    found = {}
    for name in sorted(set(names)):
        first = panel[representative(outcomes, name)]
        found[name] = [first, *(v for v, n in zip(panel, names, strict=True) if n == name and v is not first)]
    return sorted(found.values(), key=repr)


def alike(one: object, other: object, **parameters: object) -> bool:
    validator = validator_of("numeric_tolerance", parameters) if parameters else TENTH
    return same(validator, encoded(one), encoded(other))


class TestClusters:
    def test_the_accepted_answer_is_the_median(self) -> None:
        assert groups([1.0, 1.04, 1.08]) == [[1.04, 1.0, 1.08]]

    def test_small_steps_do_not_make_a_chain(self) -> None:
        """Each is within a tenth of the next; the ends are nearly a half apart."""
        panel = [1.0, 1.09, 1.18, 1.27, 1.36]
        assert [len(group) for group in groups(panel)] == [3, 2]

    def test_a_liar_at_the_edge_does_not_move_the_answer(self) -> None:
        honest = [1.0, 1.001, 1.002]
        for lie in (0.95, 1.06):
            ((first, *_),) = groups([*honest, lie])
            assert first in honest

    def test_liars_cannot_split_the_honest(self) -> None:
        found = groups([1.0, 1.01, 1.02, 0.915, 0.92])
        assert sorted(next(group for group in found if 1.01 in group))[-3:] == [1.0, 1.01, 1.02]

    def test_each_number_has_its_own_median(self) -> None:
        ((first, *_),) = groups([[1.0, 5.05], [1.05, 5.0], [1.04, 5.04]])
        assert first == [1.04, 5.04]

    def test_one_number_that_is_off_is_enough_to_differ(self) -> None:
        assert len(groups([[1.0] * 100 + [2.0], [1.0] * 100 + [2.2]])) == 2

    @given(st.lists(st.integers(0, 60), min_size=1, max_size=25))
    def test_on_a_line_every_class_is_accepted_at_its_lower_median(self, eighths: list[int]) -> None:
        """In eighths, which have no rounding errors: a tolerance of one."""
        validator = validator_of("numeric_tolerance", {"abs": 1, "rel": 0})
        for first, *others in groups([number / 8 for number in eighths], validator):
            assert first == median_low([first, *others])
            assert all(abs(first - other) <= 1 for other in others)

    @given(st.lists(st.tuples(*[st.integers(0, 20)] * 3), min_size=1, max_size=12), st.integers(1, 6))
    def test_in_space_members_are_near_their_centre_and_centres_far_apart(
        self, points: list[tuple[int, int, int]], tolerance: int
    ) -> None:
        validator = validator_of("numeric_tolerance", {"abs": tolerance, "rel": 0})
        found = groups(points, validator)
        assert sorted(point for group in found for point in group) == sorted(points)
        near = [[apart(group[0], point) <= tolerance for point in group] for group in found]
        assert all(map(all, near))
        centres = [group[0] for group in found]
        assert all(apart(a, b) > tolerance for a in centres for b in centres if a is not b)


def apart(one: Sequence[int], other: Sequence[int]) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


ALIKE: list[tuple[object, object]] = [
    (0.0, -0.0),
    (nan, nan),
    (inf, inf),
    (-inf, -inf),
    (1, 1),
    (1.0, 1.05),
    (1 + 1j, 1.05 + 0.95j),
    (complex(nan, 1), complex(nan, 1.05)),
    (complex(inf, -0.0), complex(inf, 0.0)),
    ({"a": [1.0, {"b": (2.0,)}]}, {"a": [1.05, {"b": (2.05,)}]}),
    ({(1, 2): 1.0}, {(1, 2): 1.05}),
    ({1.5, 2.5}, {2.5, 1.5}),
    (numpy.array([1.0, nan, inf]), numpy.array([1.05, nan, inf])),
    (numpy.zeros((2, 0)), numpy.zeros((2, 0))),
    (numpy.float32(1), numpy.float32(1.05)),
    (numpy.array([1 + 1j, complex(nan, 0)]), numpy.array([1.05 + 1j, complex(nan, 0)])),
    (numpy.array([True, False]), numpy.array([True, False])),
    (1.7e308, 1.7e308),
    (complex(1.7e308, 1.7e308), complex(1.7e308, 1.7e308)),
    (2**80, 2**80),
]
UNLIKE: list[tuple[object, object]] = [
    (1, 1.0),
    (1, True),
    (1.0, 1.2),
    (nan, inf),
    (inf, -inf),
    (nan, 0.0),
    (inf, 1.7e308),
    (1.7e308, -1.7e308),
    (complex(1.7e308, 1.7e308), complex(-1.7e308, 1.7e308)),
    (complex(nan, 1), complex(1, nan)),
    ("1.0", "1.05"),
    (b"\x01", b"\x02"),
    ([1.0], (1.0,)),
    ([1.0], [1.0, 1.0]),
    ([[], 1.0], [[1.0]]),
    ({"a": 1.0}, {"b": 1.0}),
    ({"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 1.0}),
    ({1.0: 1}, {1.05: 1}),
    ({1.0}, {1.05}),
    (numpy.array([1.0]), [1.0]),
    (numpy.array([1.0, 2.0]), numpy.array([[1.0, 2.0]])),
    (numpy.array([1.0]), numpy.array([1.0], dtype="f4")),
    (numpy.array([nan, 1.0]), numpy.array([1.0, nan])),
    (numpy.array([complex(nan, 0)]), numpy.array([complex(0, nan)])),
    (numpy.array([True]), numpy.array([False])),
    (numpy.float64(1), 1.0),
    (2**80, 2**80 + 1),
    (None, 0),
]


@pytest.mark.parametrize(("one", "other"), ALIKE, ids=str)
def test_alike(one: object, other: object) -> None:
    assert alike(one, other)


@pytest.mark.parametrize(("one", "other"), UNLIKE, ids=str)
def test_unlike(one: object, other: object) -> None:
    assert not alike(one, other)


class TestTolerances:
    def test_the_default_forgives_rounding_and_nothing_else(self) -> None:
        default = validator_of("numeric_tolerance", {})
        assert same(default, encoded(sum([0.1] * 10)), encoded(1.0))
        assert same(default, encoded(1e-13), encoded(0.0))
        assert not same(default, encoded(1.0), encoded(1.0 + 1e-8))

    def test_relative_counts_from_the_larger(self) -> None:
        assert alike(100.0, 90.0, abs=0, rel=0.1)
        assert not alike(100.0, 89.9, abs=0, rel=0.1)
        assert not alike(1.0, -1.0, abs=0, rel=0.5)
        assert alike(-100, -91, abs=0, rel=0.1)

    def test_without_any_only_equal_numbers_are_the_same(self) -> None:
        assert alike([0.0, 1, 2**63], [-0.0, 1, 2**63], abs=0, rel=0)
        assert not alike(2**60, 2**60 + 1, abs=0, rel=0)

    def test_a_tiny_part_of_a_complex_number_is_measured_by_the_whole(self) -> None:
        assert alike(complex(1, 1e-17), complex(1, -3e-17), abs=0, rel=1e-9)

    @pytest.mark.parametrize("dtype", ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16"])
    def test_arrays_of_every_kind_of_number(self, dtype: str) -> None:
        one, other, third = (numpy.array([[1, 2], [3, last]], dtype=dtype) for last in (10, 11, 13))
        assert alike(one, other, abs=1, rel=0)
        assert not alike(one, third, abs=1, rel=0)


class TestFields:
    def test_a_path_has_its_own_tolerance(self) -> None:
        fields = {"loss": {"abs": 0.5}}
        assert alike({"loss": 1.0, "n": 3}, {"loss": 1.4, "n": 3}, abs=0, rel=0, fields=fields)
        assert not alike({"loss": 1.0, "n": 3}, {"loss": 1.4, "n": 4}, abs=0, rel=0, fields=fields)

    def test_it_holds_for_all_below_unless_a_longer_path_says_otherwise(self) -> None:
        fields = {"a": {"abs": 1}, "a.exact": {"abs": 0}}
        inner = {"deep": [[1.0]], "exact": 1.0}
        assert alike({"a": inner}, {"a": {**inner, "deep": [[2.0]]}}, abs=0, rel=0, fields=fields)
        assert not alike({"a": inner}, {"a": {**inner, "exact": 1.5}}, abs=0, rel=0, fields=fields)

    def test_a_star_is_any_key_or_position_and_a_literal_beats_it(self) -> None:
        fields = {"layers.*.w": {"abs": 1}, "layers.1.w": {"abs": 0}}
        layers = [{"w": 0.0}, {"w": 0.0}]
        assert alike({"layers": layers}, {"layers": [{"w": 1.0}, {"w": 0.0}]}, abs=0, rel=0, fields=fields)
        assert not alike({"layers": layers}, {"layers": [{"w": 0.0}, {"w": 1.0}]}, abs=0, rel=0, fields=fields)

    def test_what_it_does_not_name_is_inherited(self) -> None:
        assert alike([1.0, 1.05], [1.05, 1.0], abs=0.1, rel=0, fields={"1": {"rel": 0}})

    def test_numbers_name_keys_and_positions_and_other_keys_have_no_name(self) -> None:
        fields = {"3": {"abs": 1}}
        assert alike({3: 0.0}, {3: 1.0}, abs=0, rel=0, fields=fields)
        assert not alike({(3,): 0.0}, {(3,): 1.0}, abs=0, rel=0, fields=fields)
        assert alike({(3,): 0.0}, {(3,): 1.0}, abs=0, rel=0, fields={"*": {"abs": 1}})


def test_too_many_numbers_are_compared_by_their_bytes() -> None:
    assert alike([1] * MAX_NUMBERS, [1] * (MAX_NUMBERS - 1) + [2], abs=1, rel=0)
    assert not alike([1] * (MAX_NUMBERS + 1), [1] * MAX_NUMBERS + [2], abs=1, rel=0)


@given(st.lists(st.floats() | st.integers(-9, 9), max_size=6))
def test_the_fast_path_of_flat_lists_reads_what_the_slow_one_does(items: list[float]) -> None:
    fast, slow = read(values.dumps(items), EVERYWHERE), read(values.dumps(items), Scope(STRICT_ENOUGH, UNUSED))
    assert fast == slow
