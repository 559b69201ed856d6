"""Everything that goes wrong between us and Stripe, on purpose: faults, idempotency keys, refusals, live keys."""

import asyncio
from typing import Any

import pytest
import stripe
from tests.stripe_simulator.conftest import DAY_S, Stage, client, refused

from we1web.testing.stripe_simulator.faults import KINDS, Faults, Kind

HOUR_S = 3_600
CREATE = "^POST /v1/transfers$"


async def amounts(stage: Stage) -> list[int]:
    return [row.amount for row in (await stage.client.v1.transfers.list_async()).data]


async def ready(stage: Stage) -> str:
    await stage.fund(50_000)
    return await stage.recipient()


@pytest.mark.parametrize(
    ("kind", "status", "code", "done"),
    [
        ("rate_limit", 429, "rate_limit", False),
        ("lock_timeout", 429, "lock_timeout", False),
        ("http_500", 500, None, False),
        ("http_500_kept", 500, None, False),
        ("http_500_after", 500, None, True),
        ("drop_before", None, None, False),
        ("drop_after", None, None, True),
    ],
)
async def test_each_fault(stage: Stage, kind: Kind, status: int | None, code: str | None, done: bool) -> None:
    account = await ready(stage)
    stage.simulator.faults.add(kind, CREATE, count=1)
    assert await refused(stage.transfer(account, key="k")) == (status, code)
    assert await amounts(stage) == ([1_000] if done else [])
    assert stage.simulator.faults.happened == {kind: 1}

    replays_500 = kind in ("http_500_kept", "http_500_after")
    if replays_500:
        assert await refused(stage.transfer(account, key="k")) == (500, None)
    else:
        await stage.transfer(account, key="k")
        assert await amounts(stage) == [1_000]


async def test_every_kind_of_fault_is_known() -> None:
    assert set(KINDS) >= {"rate_limit", "drop_after", "slow"}
    with pytest.raises(ValueError, match="no such fault"):
        Faults(rng=None).add("explode")  # type: ignore[arg-type]


async def test_slow_outlives_the_patience_of_a_client(stage: Stage) -> None:
    account = await ready(stage)
    impatient = client(stage.url, timeout=0.2)
    stage.simulator.faults.add("slow", CREATE, count=1, seconds=0.6)
    told: Any = {"amount": 5, "currency": "usd", "destination": account}
    with pytest.raises(stripe.APIConnectionError):
        await impatient.v1.transfers.create_async(told, {"idempotency_key": "k"})
    assert await refused(impatient.v1.transfers.create_async(told, {"idempotency_key": "k"})) == (
        409,
        "idempotency_key_in_use",
    )
    assert await amounts(stage) == [5]


async def test_down_for_a_stretch_of_its_own_time(stage: Stage) -> None:
    stage.simulator.down(HOUR_S)
    with pytest.raises(stripe.APIConnectionError):
        await stage.client.v1.balance.retrieve_async()
    stage.simulator.advance(HOUR_S)
    assert (await stage.client.v1.balance.retrieve_async()).object == "balance"


async def test_chance_repeats_with_its_seed(stage: Stage) -> None:
    stage.simulator.faults.add("rate_limit", probability=0.5)
    results = await asyncio.gather(
        *(stage.client.v1.balance.retrieve_async() for _ in range(40)), return_exceptions=True
    )
    limited = [r for r in results if isinstance(r, stripe.RateLimitError)]
    assert len(limited) == stage.simulator.faults.happened["rate_limit"]
    assert 5 < len(limited) < 35


async def test_key_replays_refuses_other_bodies_and_dies_after_a_day(stage: Stage) -> None:
    account = await ready(stage)
    first = await stage.transfer(account, 100, key="k")
    again = await stage.transfer(account, 100, key="k")
    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(stripe.IdempotencyError):
        await stage.transfer(account, 101, key="k")
    stage.simulator.advance(DAY_S)
    later = await stage.transfer(account, 100, key="k")
    assert later.id != first.id


async def test_a_refusal_of_the_operation_is_remembered_and_one_of_the_form_is_not(stage: Stage) -> None:
    account = await stage.recipient()
    assert await refused(stage.transfer(account, 100, key="poor")) == (400, "balance_insufficient")
    await stage.fund()
    assert await refused(stage.transfer(account, 100, key="poor")) == (400, "balance_insufficient")
    wrong: Any = {"amount": "many", "currency": "usd", "destination": account}
    create = stage.client.v1.transfers.create_async
    assert await refused(create(wrong, {"idempotency_key": "form"})) == (400, "parameter_invalid_integer")
    assert (await stage.transfer(account, 100, key="form")).amount == 100


@pytest.mark.parametrize("key", ["sk_live_1", "rk_live_1", "pk_test_1", "nonsense"])
async def test_only_test_keys_are_taken(stage: Stage, key: str) -> None:
    with pytest.raises(stripe.AuthenticationError) as caught:
        await client(stage.url, key).v1.balance.retrieve_async()
    assert caught.value.http_status == 401
    assert key not in str(caught.value)


async def test_malformed_requests(stage: Stage) -> None:
    account = await ready(stage)
    good: Any = {"amount": 5, "currency": "usd", "destination": account}
    create = stage.client.v1.transfers.create_async
    assert await refused(create({**good, "nope": 1})) == (400, "parameter_unknown")
    assert await refused(create({"amount": 5, "currency": "usd"})) == (400, "parameter_missing")
    assert await refused(create({**good, "amount": 0})) == (400, "parameter_invalid_integer")
    assert await refused(create({**good, "amount": 100_000_000})) == (400, "amount_too_large")
    assert await refused(create({**good, "currency": "xxx"})) == (400, None)
    assert await refused(create({**good, "source_type": "gold"})) == (400, None)
    assert await refused(create({**good, "metadata": {"a": {"b": "c"}}})) == (400, "parameter_invalid_string")
    assert await refused(stage.client.v1.transfers.retrieve_async("tr_x")) == (404, "resource_missing")
    assert await refused(stage.client.v1.transfers.list_async({"starting_after": "tr_x"})) == (404, "resource_missing")
    assert await refused(stage.client.v1.transfers.list_async({"limit": 101})) == (400, "parameter_invalid_integer")
    elsewhere = stage.client.v1.balance.retrieve_async(options={"stripe_account": "acct_x"})
    assert await refused(elsewhere) == (403, "account_invalid")
    await create(good)
    unexpandable = stage.client.v1.transfers.list_async({"expand": ["data.amount"]})
    assert await refused(unexpandable) == (400, None)
    assert await refused(stage.client.v1.customers.list_async()) == (404, None)


async def test_all_that_was_sent_is_on_record(stage: Stage) -> None:
    account = await ready(stage)
    stage.simulator.requests.clear()
    await stage.transfer(account, 7, key="k")
    await stage.transfer(account, 7, key="k")
    first, second = stage.simulator.requests
    assert (first.method, first.path, first.idempotency_key, first.status) == ("post", "/v1/transfers", "k", 200)
    assert first.parameters == {
        "amount": 7, "currency": "usd", "destination": account, "transfer_group": "payout:1",
    }  # fmt: skip
    assert (first.replayed, second.replayed) == (False, True)
