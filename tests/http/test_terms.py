"""The terms of an order that hang together: policy, bound, verifier, validator, place, rank."""

from typing import Any

import pytest
from tests.http.conftest import Person, Site, create, order

from we1web.coordinator.actions import job_terms
from we1web.coordinator.actions.job_plan import House, check_price, plan
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.schemas import JobOrder, NodeRequirements

VERIFIER = "ab" * 32
HOUSE = House(fee_bps=1_000, default_strategy="round_robin")


def ordered(**changes: Any) -> JobOrder:
    return JobOrder(runtime="wasm", program="00" * 32, price_micros=100, **changes)


MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"policy": "checked"}, "verifier is missing"),
    ({"verifier": VERIFIER}, "policy classic verifies nothing"),
    ({"verifier_entry": "check"}, "policy classic verifies nothing"),
    ({"epsilon": 0.01}, "epsilon: policy classic has none"),
    ({"policy": "pair", "hold_s": 5}, "hold_s: policy pair has none"),
    ({"validator": "mine"}, "no validator 'mine'"),
    ({"validator_parameters": {"surprise": 1}}, "exact"),
    ({"requirements": {"countries": ["DE", "FR"], "not_countries": ["FR"]}}, "FR is wanted and excluded"),
    ({"requirements": {"mine": True}}, "policy classic asks several owners"),
]


@pytest.mark.parametrize(("changes", "says"), MISFITS, ids=[says for _, says in MISFITS])
def test_terms_that_do_not_fit_are_refused_in_words(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(Refusal) as refused:
        job_terms.check(ordered(**changes), operator=True)
    assert says in refused.value.message
    assert (refused.value.code, bool(refused.value.hint)) == ("invalid_request", True)


def test_the_first_places_are_the_operators() -> None:
    for priority in (-1, 0):
        job_terms.check(ordered(priority=priority), operator=False)
    job_terms.check(ordered(priority=1), operator=True)
    with pytest.raises(Refusal) as refused:
        job_terms.check(ordered(priority=1), operator=False)
    assert refused.value.code == "operator_only"


def test_only_work_on_ones_own_nodes_costs_nothing() -> None:
    check_price(0, "trusted")
    check_price(1, "classic")
    for price, policy in ((1, "trusted"), (0, "classic")):
        with pytest.raises(Refusal) as refused:
            check_price(price, policy)
        assert refused.value.code == "bad_price"


def test_what_is_stored_of_the_demands_is_what_was_demanded() -> None:
    assert job_terms.requirements(ordered()) == {}
    wanted = NodeRequirements(gpu=True, cores=2, countries=["DE"])
    assert job_terms.requirements(ordered(requirements=wanted)) == {"gpu": True, "cores": 2, "countries": ["DE"]}
    assert job_terms.requirements(ordered(policy="trusted")) == {"mine": True}, "always, or strangers could answer"


def test_a_job_that_names_no_strategy_gets_the_networks() -> None:
    assert plan(ordered(), 1, HOUSE).strategy == "round_robin"
    assert plan(ordered(strategy="reliability_weighted"), 1, HOUSE).strategy == "reliability_weighted"


async def test_a_job_shows_its_terms_and_its_report(requester: Person) -> None:
    wanted = {"memory_bytes": 1 << 30, "cores": 2, "not_countries": ["XX"]}
    job = await create(requester, 1, requirements=wanted, weight=2.5, priority=-1, strategy=None)
    assert job["requirements"] == wanted
    assert (job["weight"], job["priority"], job["strategy"]) == (2.5, -1, "reliability_weighted")
    assert (job["validator"], job["validator_parameters"], job["epsilon"], job["hold_s"]) == ("exact", {}, None, None)
    assert (job["redundancy"], job["expected_wrong"], job["singles"], job["referee_runs"]) == (None, 0.0, 0, 0)


async def test_hostile_terms_are_refused_by_name(site: Site, requester: Person) -> None:
    for changes in (
        {"epsilon": 0},
        {"epsilon": 0.5},
        {"hold_s": -1},
        {"hold_s": 1e9},
        {"weight": 0},
        {"weight": 11},
        {"priority": 2},
        {"priority": 0.5},
        {"validator": "mine"},
        {"validator_parameters": {"a": [1]}},
        {"validator_parameters": {"a": "\x00"}},
        {"validator_parameters": {"a\x00": 1}},
        {"validator_parameters": {str(i): i for i in range(17)}},
        {"verifier": "zz"},
        {"requirements": {"countries": ["Germany"]}},
        {"requirements": {"countries": ["de"]}},
        {"requirements": {"cores": -1}},
        {"requirements": {"surprise": 1}},
    ):
        refused = await requester.http.post("/api/jobs", json=order(1) | changes)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request"), changes
    first = await requester.http.post("/api/jobs", json=order(1, priority=1))
    assert (first.status_code, first.json()["code"]) == (403, "operator_only")
