"""The description derived from the stripe package has teeth, in both directions."""

import pytest

from we1web.testing.stripe_simulator import operations
from we1web.testing.stripe_simulator.checking import checker
from we1web.testing.stripe_simulator.forms import decode
from we1web.testing.stripe_simulator.operation import OPERATIONS
from we1web.testing.stripe_simulator.refusing import StripeRefusal
from we1web.testing.stripe_simulator.sdk_operations import RESOURCES, document

assert operations
CHECKER = checker(frozenset(OPERATIONS))


@pytest.mark.parametrize("kind", sorted(RESOURCES))
def test_blank_objects_are_on_spec_and_mutants_are_not(kind: str) -> None:
    blank = CHECKER.blank(kind)
    assert CHECKER.resource_problems(kind, blank) == []
    assert CHECKER.resource_problems(kind, blank | {"bogus": 1})
    assert CHECKER.resource_problems(kind, blank | {"object": "nonsense"})
    assert CHECKER.resource_problems(kind, {k: v for k, v in blank.items() if k != "object"})


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", "12"), ("reversed", 1), ("metadata", {"a": 1}), ("currency", None), ("reversals", [])],
)
def test_a_transfer_with_a_wrong_field(field: str, value: object) -> None:
    assert CHECKER.resource_problems("transfer", CHECKER.blank("transfer") | {field: value})


def test_nested_objects_are_closed_too() -> None:
    event = CHECKER.blank("event")
    event["request"] = {"id": None, "idempotency_key": None}
    assert CHECKER.resource_problems("event", event) == []
    event["request"]["bogus"] = 1
    assert CHECKER.resource_problems("event", event)


def test_unknown_operations_are_told() -> None:
    with pytest.raises(LookupError, match="/v1/nonsense"):
        document([("get", "/v1/nonsense")])


def test_forms() -> None:
    tree = decode("a=1&b[c]=x&b[d][0]=y&b[d][1]=z&e[]=p&e[]=q")
    assert tree == {"a": "1", "b": {"c": "x", "d": {"0": "y", "1": "z"}}, "e": {"0": "p", "1": "q"}}


@pytest.mark.parametrize(
    "text",
    [
        "a=1&a[b]=2",
        "a[b]=1&a=2",
        "a[b=1",
        "]=1",
        "&".join(f"k{n}=1" for n in range(1_001)),
        "a" + "[b]" * 30 + "=1",
        "a=%ff",
    ],
)
def test_hostile_forms_are_refused(text: str) -> None:
    with pytest.raises(StripeRefusal):
        decode(text)
