"""Terms of trust on their way into an order: what is given, nothing else; contradictions before anything is sent."""

from typing import Any

import pytest

from we1web import CannotShip, Client
from we1web.coordinator.schemas import Order
from we1web.domain.validator import BadValidator
from we1web.sdk.program import BadProgram
from we1web.sdk.terms import BadTerms, Trust, order_of
from we1web.testing.fake_coordinator import ORDER_FIELDS, FakeCoordinator

WASM = b"\0asm\x01\0\0\0"


def half(number: float) -> float:
    return number / 2


def is_half(number: float, result: float) -> bool:
    return result * 2 == number


def the_order(fake: FakeCoordinator) -> dict[str, Any]:
    (job,) = fake.market.jobs.values()
    return job.order


def test_an_order_says_nothing_of_what_was_not_given(client: Client, fake: FakeCoordinator) -> None:
    assert list(client.map(half, [2.0])) == [1.0]
    assert the_order(fake).keys().isdisjoint(set(Trust.__annotations__) | {"verifier_entry"})


def test_everything_given_arrives(client: Client, fake: FakeCoordinator) -> None:
    given: Trust = {
        "validator": "set",
        "validator_parameters": {"duplicates": False},
        "epsilon": 1e-3,
        "requirements": {"cores": 2, "gpu": True, "countries": ["FR"]},
        "weight": 0.5,
        "priority": 0,
        "hold_s": 60.0,
        "purpose": "half of everything",
        "bonus_within_s": 2.5,
    }
    list(client.map(half, [2.0], bonus="0.00005", **given))
    assert {key: the_order(fake)[key] for key in given} == given
    assert the_order(fake)["bonus_micros"] == 50
    assert the_order(fake)["budget_micros"] == 3 * 150 * 3 // 2, "room for the bonus too"
    assert the_order(fake).keys() <= ORDER_FIELDS


def test_the_fake_knows_what_the_coordinator_does() -> None:
    assert set(Order.model_fields) == ORDER_FIELDS


def test_a_tolerance_is_short_for_the_validator_that_knows_one(client: Client, fake: FakeCoordinator) -> None:
    tolerance = {"rel": 1e-6, "fields": {"loss": {"abs": 0.5}}}
    list(client.map(half, [2.0], tolerance=tolerance))
    assert (the_order(fake)["validator"], the_order(fake)["validator_parameters"]) == ("numeric_tolerance", tolerance)


def test_none_is_the_same_as_not_given() -> None:
    nothing: Trust = {"validator": None, "tolerance": None, "verifier": None, "epsilon": None, "requirements": None}
    assert order_of("classic", nothing) == {}


def test_an_empty_tolerance_is_the_default_one() -> None:
    assert order_of("classic", {"tolerance": {}}) == {"validator": "numeric_tolerance"}


def test_a_validator_we_do_not_know_is_the_coordinators_to_judge() -> None:
    assert order_of("classic", {"validator": "later", "validator_parameters": {"x": 1}}) == {
        "validator": "later",
        "validator_parameters": {"x": 1},
    }


@pytest.mark.parametrize(
    "trust",
    [
        {"tolerance": {"abs": -1}},
        {"validator": "set", "tolerance": {"abs": 1}},
        {"validator": "numeric_tolerance", "validator_parameters": {"absolute": 1}},
        {"validator_parameters": {"abs": 1}},
    ],
)
def test_impossible_parameters_are_refused_before_anything_is_sent(
    trust: Trust, client: Client, fake: FakeCoordinator
) -> None:
    with pytest.raises(BadValidator):
        client.map(half, [2.0], **trust)
    assert fake.market.requests == []


def test_two_sets_of_parameters_are_refused() -> None:
    with pytest.raises(BadTerms) as caught:
        order_of("classic", {"tolerance": {"abs": 1}, "validator_parameters": {"abs": 2}})
    assert caught.value.code == "bad_terms"


@pytest.mark.parametrize("trust", [{"bonus": 50}, {"bonus_within_s": 1.0}])
def test_a_bonus_and_its_time_go_together(trust: Trust, client: Client, fake: FakeCoordinator) -> None:
    with pytest.raises(BadTerms, match="belong together"):
        client.map(half, [2.0], **trust)
    assert fake.market.requests == []


def test_a_price_can_be_asked_for(client: Client) -> None:
    assert client.suggest_price(1.8).price_micros == 10


def test_a_term_nobody_knows_is_a_type_error(client: Client) -> None:
    unknown: Any = {"tolerence": {"abs": 1}}
    with pytest.raises(TypeError, match="unexpected keyword argument 'tolerence'"):
        client.map(half, [2.0], **unknown)


class TestVerifier:
    def test_it_travels_like_the_function(self, client: Client, fake: FakeCoordinator) -> None:
        assert list(client.map(half, [2.0], policy="checked", verifier=is_half)) == [1.0]
        order = the_order(fake)
        assert (order["policy"], order["verifier_entry"]) == ("checked", "is_half")
        assert b"def is_half" in fake.market.blobs[bytes.fromhex(order["verifier"])]

    def test_a_module_is_verified_by_a_module(self, client: Client, fake: FakeCoordinator) -> None:
        fake.market.held = True
        client.map(WASM, [b"x"], policy="checked", verifier=WASM + b"\0\x01\0", detach=True).detach()
        assert fake.market.blobs[bytes.fromhex(the_order(fake)["verifier"])] == WASM + b"\0\x01\0"

    @pytest.mark.parametrize(
        ("policy", "trust", "code"),
        [("checked", {}, "verifier_missing"), ("classic", {"verifier": is_half}, "verifier_unused")],
    )
    def test_policy_and_verifier_go_together(
        self, policy: str, trust: Trust, code: str, client: Client, fake: FakeCoordinator
    ) -> None:
        with pytest.raises(BadTerms) as caught:
            client.map(half, [2.0], policy=policy, **trust)
        assert (caught.value.code, fake.market.requests) == (code, [])

    def test_it_must_take_argument_and_result(self, client: Client) -> None:
        with pytest.raises(CannotShip, match="argument and the result") as caught:
            client.map(half, [2.0], policy="checked", verifier=half)
        assert caught.value.code == "wrong_arguments"

    def test_it_must_run_where_the_task_runs(self, client: Client) -> None:
        with pytest.raises(BadProgram, match="cannot check a python program"):
            client.map(half, [2.0], policy="checked", verifier=WASM)

    def test_what_cannot_travel_is_refused(self, client: Client) -> None:
        lock = __import__("threading").Lock()

        def locked(number: float, result: float) -> bool:
            with lock:
                return result * 2 == number

        with pytest.raises(CannotShip, match="threads"):
            client.map(half, [2.0], policy="checked", verifier=locked)


def test_the_fake_refuses_what_a_coordinator_would(client: Client, fake: FakeCoordinator) -> None:
    later: Trust = {"validator": "later"}
    with pytest.raises(Exception, match="no validator 'later'"):
        client.map(half, [2.0], **later)
