"""The terms of an order that hang together: policy, bound, verifier, validator, place, rank."""

from typing import Any
from uuid import UUID

import pytest
from tests.http.conftest import PROGRAM, PROGRAM_DIGEST, Newcomer, Person, Site, create, encoded, order

from we1web.coordinator.actions import job_terms
from we1web.coordinator.actions.job_plan import House, check_price, plan
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.schemas import JobOrder, NodeRequirements
from we1web.coordinator.storage.principal import SERVICE

VERIFIER = "ab" * 32
HOUSE = House(fee_bps=1_000, default_strategy="round_robin")


def ordered(**changes: Any) -> JobOrder:
    return JobOrder(runtime="wasm", program="00" * 32, price_micros=100, **changes)


MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"policy": "checked"}, "verifier is missing"),
    ({"verifier": VERIFIER}, "policy classic verifies nothing"),
    ({"verifier_entry": "check"}, "policy classic verifies nothing"),
    ({"epsilon": 0.01}, "epsilon: policy classic has none"),
    ({"policy": "checked", "verifier": VERIFIER, "hold_s": 5}, "hold_s: policy checked has none"),
    ({"requirements": {"countries": ["DE", "FR"], "not_countries": ["FR"]}}, "FR is wanted and excluded"),
    ({"bonus_micros": 50}, "a bonus and its time belong together"),
    ({"bonus_within_s": 2.0}, "a bonus and its time belong together"),
    ({"bonus_micros": 50, "bonus_within_s": 60.5}, "every task that ends at all would be in time"),
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
    for price, policy, bonus in ((1, "trusted", 0), (0, "trusted", 1), (0, "classic", 0), (0, "classic", 5)):
        with pytest.raises(Refusal) as refused:
            check_price(price, policy, bonus)
        assert refused.value.code == "bad_price"


def test_the_fee_has_a_minimum_and_takes_its_share_of_a_bonus() -> None:
    made = plan(ordered(bonus_micros=55, bonus_within_s=1), 2, House(1_000, "round_robin", fee_min_micros=30))
    assert (made.fee_micros, made.bonus_fee_micros) == (30, 5)
    assert plan(ordered(), 2, House(1_000, "round_robin", fee_min_micros=400)).fee_micros == 100, (
        "never above the price"
    )


def test_what_is_held_covers_every_bonus() -> None:
    """Each vote under way is reserved at the most it may cost: a budget for the price alone would run dry."""
    offered = {"bonus_micros": 50, "bonus_within_s": 1}
    assert plan(ordered(**offered), 2, HOUSE).budget_micros == 2 * 3 * 150 * 3 // 2
    assert plan(ordered(budget_micros=2 * 3 * 150, **offered), 2, HOUSE).budget_micros == 900
    with pytest.raises(Refusal) as refused:
        plan(ordered(budget_micros=2 * 3 * 150 - 1, **offered), 2, HOUSE)
    assert refused.value.code == "budget_too_small"


def test_what_is_stored_of_the_demands_is_what_was_demanded() -> None:
    assert job_terms.requirements(ordered()) == {}
    wanted = NodeRequirements(gpu=True, cores=2, countries=["DE"])
    assert job_terms.requirements(ordered(requirements=wanted)) == {"gpu": True, "cores": 2, "countries": ["DE"]}
    assert job_terms.requirements(ordered(policy="trusted")) == {"mine": True}, "always, or strangers could answer"


def test_a_job_that_names_no_strategy_gets_the_networks() -> None:
    assert plan(ordered(), 1, HOUSE).strategy == "round_robin"
    assert plan(ordered(strategy="reliability_weighted"), 1, HOUSE).strategy == "reliability_weighted"


async def test_a_bonus_is_estimated_held_and_shown(site: Site, requester: Person) -> None:
    async with site.client() as stranger:
        asked = {"n": 10, "price_micros": 100, "bonus_micros": 50}
        found = (await stranger.post("/api/jobs/estimate", json=asked)).json()
    assert (found["estimate_micros"], found["bonuses_micros"], found["budget_micros"]) == (3_000, 1_500, 6_750)
    offered = {"bonus_micros": 50, "bonus_within_s": 2.5}
    job = await create(requester, 2, complete=False, budget_micros=900, **offered)
    assert {key: job[key] for key in offered} == offered
    more = {"sequence": 0, "arguments": [encoded(b"x")]}
    refused = await requester.http.post(f"/api/jobs/{job['id']}/tasks", json=more)
    assert (refused.status_code, refused.json()["code"]) == (422, "budget_too_small"), "a third task may cost 450 more"
    assert ((await create(requester, 1))["bonus_micros"], (await create(requester, 1))["bonus_within_s"]) == (0, None)


async def test_a_job_shows_its_terms_and_its_report(requester: Person) -> None:
    wanted = {"memory_bytes": 1 << 30, "cores": 2, "not_countries": ["XX"]}
    job = await create(requester, 1, requirements=wanted, weight=2.5, priority=-1, strategy=None)
    assert job["requirements"] == wanted
    assert (job["weight"], job["priority"], job["strategy"]) == (2.5, -1, "reliability_weighted")
    assert (job["validator"], job["validator_parameters"], job["epsilon"], job["hold_s"]) == ("exact", {}, None, None)
    assert (job["redundancy"], job["expected_wrong"], job["singles"], job["referee_runs"]) == (None, 0.0, 0, 0)
    assert job["worst_case_wrong"] == 0.0


async def test_work_on_ones_own_nodes_holds_nothing_and_promises_nothing(site: Site, newcomer: Newcomer) -> None:
    poor = await newcomer()
    await poor.upload(PROGRAM)
    free = {"policy": "trusted", "price_micros": 0, "budget_micros": None}
    job = await create(poor, 3, **free)
    assert (job["budget_micros"], job["requirements"], job["worst_case_wrong"]) == (0, {"mine": True}, None)
    more = {"sequence": 0, "arguments": [encoded(b"x")]}
    assert (await poor.http.post(f"/api/jobs/{job['id']}/tasks", json=more)).status_code == 200
    assert (await poor.http.delete(f"/api/jobs/{job['id']}")).json()["state"] == "cancelled"
    empty = await create(poor, 0, **free)
    assert (await poor.http.post(f"/api/jobs/{empty['id']}/close")).json()["state"] == "done"
    earned = (await poor.http.get("/api/payments/earnings")).json()
    assert (earned["balances"], earned["items"]) == ([], []), "no account was opened, nothing moved"
    refused = await poor.http.post("/api/jobs", json=order(1, policy="trusted"))
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_price")


async def test_an_adaptive_job_states_its_error(requester: Person) -> None:
    job = await create(requester, 1, policy="adaptive", epsilon=1e-4, hold_s=30)
    assert (job["policy"], job["epsilon"], job["hold_s"]) == ("adaptive", 1e-4, 30)


async def test_a_validator_comes_with_its_parameters(requester: Person) -> None:
    fields = {"fields": {"loss": {"abs": 0.01}}, "rel": 1e-3}
    job = await create(requester, 1, validator="numeric_tolerance", validator_parameters=fields)
    assert (job["validator"], job["validator_parameters"]) == ("numeric_tolerance", fields)
    for name, parameters in (("mine", {}), ("exact", {"abs": 1}), ("numeric_tolerance", {"rel": True})):
        wanted = order(1, validator=name, validator_parameters=parameters)
        refused = await requester.http.post("/api/jobs", json=wanted)
        assert (refused.status_code, refused.json()["code"]) == (422, "bad_validator"), name


async def test_a_verifier_is_the_requesters_and_comes_along(site: Site, requester: Person) -> None:
    checked = {"policy": "checked", "verifier": VERIFIER, "verifier_entry": "check"}
    refused = await requester.http.post("/api/jobs", json=order(1) | checked)
    assert (refused.status_code, refused.json()["code"]) == (422, "blob_missing")
    digest = await requester.upload(b"def check(x, y):\n    return y == 2 * x\n")
    job = await create(requester, 1, **checked | {"verifier": digest})
    async with site.app.services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow("select * from jobs where id = $1", UUID(job["id"]))
        blobs = await tx.fetch("select digest from job_blobs where job_key = $1", row["key"])
    assert (row["verifier"], row["verifier_entry"]) == (bytes.fromhex(digest), "check")
    assert {blob["digest"].hex() for blob in blobs} == {digest, PROGRAM_DIGEST}, "judges may read it"


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
        {"validator_parameters": {"a": [1]}},
        {"validator_parameters": {"a": {"b": {"c": {"d": 1}}}}},
        {"validator_parameters": {"a": 10**400}},
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
