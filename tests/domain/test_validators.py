"""What every validator owes the engine, whatever it calls the same: run over all that are registered."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain import validators
from we1web.domain.validator import (
    DEFAULT_VALIDATOR,
    EXACT,
    VALIDATORS,
    BadValidator,
    Validator,
    representative,
    same,
    validator_of,
)
from we1web.protocol import outcome, values
from we1web.protocol.limits import INLINE_BYTES

CONFIGURED: list[tuple[str, dict[str, object]]] = [
    ("numeric_tolerance", {"abs": 0.5, "rel": 0.01, "fields": {"*.0": {"abs": 2}}}),
    ("set", {"duplicates": False}),
    ("ranked_list", {"overlap": 0.5}),
    ("ranked_list", {"k": 2, "scored": True, "abs": 0.5}),
]
ALL: dict[str, Validator] = VALIDATORS | {
    f"{name} {parameters}": validator_of(name, parameters) for name, parameters in CONFIGURED
}
each = pytest.mark.parametrize("validator", ALL.values(), ids=ALL)
looking_inside = pytest.mark.parametrize(
    "validator",
    [one for one in ALL.values() if not one.bytewise],
    ids=[n for n, one in ALL.items() if not one.bytewise],
)

numbers = st.integers(-3, 3) | st.sampled_from([0.0, -0.0, 0.25, 0.5, 1.0, 1.4, 1.9, float("nan"), float("inf"), 1e308])
pairs = st.tuples(st.sampled_from("abc"), numbers)
results = st.recursive(
    numbers | st.sampled_from(["a", b"a", None, True, 2**80, 1 + 1j]),
    lambda inner: st.lists(inner | pairs, max_size=4) | st.lists(inner, max_size=3).map(tuple) | st.sets(numbers),
    max_leaves=8,
)
good = st.builds(lambda value, meter: outcome.value(values.dumps(value), meter), results, st.integers(0, 1))
failed = st.sampled_from("ab").map(lambda text: outcome.error(outcome.RemoteFailure(text, "", "")))
stored = good.map(lambda encoded: outcome.reference(sha256(encoded).digest(), len(encoded)))
outcomes = good | failed | stored


@st.composite
def panels(draw: st.DrawFn, max_size: int = 9) -> list[bytes]:
    """Outcomes of one task: few different ones, so that there is something to agree on."""
    different = draw(st.lists(outcomes, min_size=1, max_size=5))
    return draw(st.lists(st.sampled_from(different), max_size=max_size))


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """An outcome with a few bytes changed, and perhaps the rest missing."""
    mutant = bytearray(draw(outcomes))
    for _ in range(draw(st.integers(1, 3))):
        mutant[draw(st.integers(0, len(mutant) - 1))] = draw(st.integers(0, 255))
    return bytes(mutant[: draw(st.integers(0, len(mutant)))])


def test_every_file_is_registered_under_its_name() -> None:
    files = {path.stem for path in Path(validators.__path__[0]).glob("*.py") if not path.stem.startswith("_")}
    assert files == set(VALIDATORS)
    assert all(VALIDATORS[name].name == name for name in VALIDATORS)
    assert VALIDATORS[DEFAULT_VALIDATOR] is EXACT
    assert [name for name, validator in VALIDATORS.items() if validator.bytewise] == ["exact"]


@each
@given(panel=panels())
def test_every_class_is_named_after_one_of_its_outcomes(validator: Validator, panel: list[bytes]) -> None:
    names = validator.classes(panel)
    assert len(names) == len(panel)
    for name in names:
        position = representative(panel, name)
        assert names[position] == name == outcome.digest(panel[position])


@each
@given(panel=panels(), data=st.data())
def test_the_order_of_outcomes_decides_nothing(validator: Validator, panel: list[bytes], data: st.DataObject) -> None:
    other = data.draw(st.permutations(panel))
    here, there = validator.classes(panel), validator.classes(other)
    assert dict(zip(panel, here, strict=True)) == dict(zip(other, there, strict=True))


@each
@given(panel=panels())
def test_equal_bytes_are_always_the_same_answer(validator: Validator, panel: list[bytes]) -> None:
    names = dict(zip(panel, validator.classes(panel), strict=True))
    assert validator.classes(panel) == [names[encoded] for encoded in panel]
    assert all(same(validator, encoded, encoded) for encoded in panel)


@each
@given(panel=panels())
def test_members_are_the_same_as_the_accepted_and_no_two_accepted_are(validator: Validator, panel: list[bytes]) -> None:
    names = validator.classes(panel)
    accepted = {name: panel[representative(panel, name)] for name in names}
    assert all(same(validator, accepted[name], encoded) for name, encoded in zip(names, panel, strict=True))
    assert validator.classes(list(accepted.values())) == list(accepted)


@each
@given(one=outcomes, other=outcomes)
def test_being_the_same_has_no_direction(validator: Validator, one: bytes, other: bytes) -> None:
    assert same(validator, one, other) == same(validator, other, one)


@each
@given(panel=st.lists(mutants() | outcomes | st.binary(max_size=60), max_size=8))
def test_nothing_a_stranger_sends_raises(validator: Validator, panel: list[bytes]) -> None:
    names = validator.classes(panel)
    assert all(validator.classes([encoded] * 2)[0] == validator.classes([encoded])[0] for encoded in panel)
    assert all(names[representative(panel, name)] == name for name in names)


@each
@given(kinds=st.lists(failed | stored, max_size=6))
def test_failures_and_blobs_are_compared_by_digest(validator: Validator, kinds: list[bytes]) -> None:
    assert validator.classes(kinds) == [outcome.digest(encoded) for encoded in kinds]


@each
@given(encoded=good)
def test_a_result_and_the_blob_that_holds_it_are_one_answer(validator: Validator, encoded: bytes) -> None:
    named = outcome.reference(outcome.digest(encoded), len(encoded))
    assert len(set(validator.classes([named, encoded]))) == 1
    assert representative([named, encoded], outcome.digest(encoded)) == 1


@looking_inside
@given(value=st.lists(st.integers(), unique=True), meters=st.lists(st.integers(0, 1 << 40), min_size=2, max_size=5))
def test_the_metered_count_is_ignored(validator: Validator, value: list[int], meters: list[int]) -> None:
    ranking = [(str(item), -place) for place, item in enumerate(value)]
    panel = [outcome.value(values.dumps(ranking), meter) for meter in meters]
    assert len(set(validator.classes(panel))) == 1


HOSTILE: dict[str, Any] = {
    "nothing": b"",
    "nested lists": b"\x91" * 60_000 + b"\x00",
    "nested deeper than values may be": b"\x91" * 101 + b"\x00",
    "nested dicts": b"\x81\x01" * 30_000 + b"\x00",
    "huge promises": b"\xdd\x7f\xff\xff\xff" * 1_000,
    "huge map": b"\xdf\x7f\xff\xff\xff",
    "a list as a key": b"\x81\x91\x01\x01",
    "a key without value": b"\x93\xc7\x00\x04\x01",
    "an array of negative size": b"\x94\xc7\x00\x05\xa3<f8\x92\xff\xff\xc4\x08" + bytes(8),
    "an array of nothing known": b"\x94\xc7\x00\x05\xa2|O\x91\x01\xc4\x08" + bytes(8),
    "a number with a shape": b"\x94\xc7\x00\x06\xa3<f8\x91\x01\xcb" + bytes(8),
    "half a complex number": b"\xd7\x11" + bytes(8),
    "a timestamp": b"\xd6\xff" + bytes(4),
    "a marker alone": b"\xc7\x00\x01",
    "a marker out of place": b"\x92\x01\xc7\x00\x01",
    "broken text": b"\xa1\xff",
    "rest after the end": b"\x00\x00",
    "longer than any result in a frame": bytes(INLINE_BYTES + 1),
}


@looking_inside
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_result_is_a_class_by_its_digest(validator: Validator, name: str) -> None:
    panel = [outcome.value(HOSTILE[name], meter) for meter in range(3)]
    assert validator.classes(panel) == [outcome.digest(encoded) for encoded in panel]


@looking_inside
def test_comparisons_are_quadratic_at_most(validator: Validator) -> None:
    """25 votes of 64 KiB that all differ and are all alike: it ends, which it would not if it looked at subsets."""
    panel = [outcome.value(values.dumps([vote, *range(100, 15_000)])) for vote in range(25)]
    assert len(validator.classes(panel)) == 25


class TestParameters:
    def test_an_unknown_validator_is_refused_by_name(self) -> None:
        with pytest.raises(BadValidator, match="numeric_tolerance") as caught:
            validator_of("nearly", {})
        assert isinstance(caught.value, ValueError)
        assert caught.value.code == "bad_validator"

    @pytest.mark.parametrize("name", VALIDATORS)
    def test_without_parameters_it_is_the_default_one(self, name: str) -> None:
        assert validator_of(name, {}) == VALIDATORS[name]

    @pytest.mark.parametrize("name", VALIDATORS)
    def test_a_parameter_nobody_knows_is_refused(self, name: str) -> None:
        with pytest.raises(BadValidator, match="tolerence"):
            validator_of(name, {"tolerence": 1})

    @pytest.mark.parametrize(("name", "parameters"), CONFIGURED)
    def test_configured_ones_are_values(self, name: str, parameters: dict[str, object]) -> None:
        assert validator_of(name, parameters) == validator_of(name, dict(parameters))
        assert validator_of(name, parameters) != VALIDATORS[name]

    @pytest.mark.parametrize(
        ("name", "parameters"),
        [
            ("numeric_tolerance", {"abs": -1}),
            ("numeric_tolerance", {"abs": float("nan")}),
            ("numeric_tolerance", {"abs": float("inf")}),
            ("numeric_tolerance", {"abs": 10**400}),
            ("numeric_tolerance", {"abs": True}),
            ("numeric_tolerance", {"rel": "1e-6"}),
            ("numeric_tolerance", {"rel": 1}),
            ("numeric_tolerance", {"fields": [1]}),
            ("numeric_tolerance", {"fields": {1: {}}}),
            ("numeric_tolerance", {"fields": {"": {}}}),
            ("numeric_tolerance", {"fields": {"a..b": {}}}),
            ("numeric_tolerance", {"fields": {"a": 1e-6}}),
            ("numeric_tolerance", {"fields": {"a": {"abs": "x"}}}),
            ("numeric_tolerance", {"fields": {"a": {"fields": {}}}}),
            ("numeric_tolerance", {"fields": {f"f{n}": {} for n in range(33)}}),
            ("numeric_tolerance", {"fields": {".".join("a" * 21): {}}}),
            ("set", {"duplicates": 1}),
            ("ranked_list", {"k": -1}),
            ("ranked_list", {"k": True}),
            ("ranked_list", {"k": 2.0}),
            ("ranked_list", {"overlap": 0}),
            ("ranked_list", {"overlap": 1.1}),
            ("ranked_list", {"scored": "yes"}),
            ("ranked_list", {"abs": [1]}),
        ],
    )
    def test_nonsense_is_refused_with_what_to_write(self, name: str, parameters: dict[str, object]) -> None:
        with pytest.raises(BadValidator) as caught:
            validator_of(name, parameters)
        assert caught.value.message
        assert caught.value.hint
        assert len(str(caught.value)) < 300
