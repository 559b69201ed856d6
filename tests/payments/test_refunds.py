"""Unspent money goes back to its card once, whatever the rail does, and into the wallet again when it fails."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from tests.http.conftest import Newcomer, Person
from tests.payments.conftest import Stage

from we1web.coordinator.loops.funding_reads import FundingRefunds
from we1web.coordinator.storage.principal import SERVICE


async def ask(person: Person, funding: dict[str, Any], micros: int | None = None, key: str = "") -> httpx2.Response:
    headers = {"Idempotency-Key": key or uuid4().hex}
    path = f"/api/payments/fundings/{funding['id']}/refund"
    return await person.http.post(path, json={"amount_micros": micros}, headers=headers)


async def states(stage: Stage) -> list[str]:
    return [row["state"] for row in await stage.fetch("select state from public.funding_refunds order by key")]


def agrees(stage: Stage, clearing: int) -> bool:
    return -clearing == stage.held() * 10_000


async def test_all_that_is_unspent_goes_back(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    funding = await stage.paid(person)
    await stage.paid(person)  # so that Stripe holds enough
    answer = await ask(person, funding, key="once")
    assert (answer.json()["state"], answer.json()["amount_micros"]) == ("requested", 10_000_000)
    assert (await ask(person, funding, key="once")).json() == answer.json()
    assert await stage.balance(person) == 10_000_000
    await stage.loops()
    assert await states(stage) == ["done"]
    assert agrees(stage, await stage.clearing())
    again = await ask(person, funding)
    assert (again.status_code, again.json()["code"]) == (422, "bad_amount")


@pytest.mark.parametrize("micros", [0, -1, 10_000_001, 5_000, 10_010_000, 1 << 60])
async def test_bad_amounts_are_refused(stage: Stage, newcomer: Newcomer, micros: int) -> None:
    person = await newcomer()
    funding = await stage.paid(person)
    refused = await ask(person, funding, micros)
    assert refused.status_code == 422 and refused.json()["code"] in ("bad_amount", "invalid_request")
    assert await stage.balance(person) == 10_000_000


async def test_what_is_not_paid_does_not_go_back(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    refused = await ask(person, await stage.opened(person))
    assert (refused.status_code, refused.json()["code"]) == (409, "not_refundable")


FAULTS = ["drop_after", "http_500_after", "drop_before", "lock_timeout", "http_500_kept"]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_refund_is_sent_once_and_soon_whatever_the_answer(stage: Stage, newcomer: Newcomer, fault: str) -> None:
    """Also when Stripe replays its first failure for the key: nothing is there, so it is sent under another one."""
    person = await newcomer()
    funding = await stage.paid(person)
    await stage.paid(person)
    await ask(person, funding)
    stage.stripe.faults.add(fault, "POST /v1/refunds", count=3)  # type: ignore[arg-type]
    await stage.loops()
    assert await states(stage) == ["requested"]
    for _ in range(8):
        stage.move(minutes=1)
        await stage.loops()
    assert await states(stage) == ["done"]
    assert len(stage.stripe.state.store.of("platform", "refund")) == 1
    assert agrees(stage, await stage.clearing())
    assert await stage.balance(person) == 10_000_000


async def taken(stage: Stage, loop: FundingRefunds) -> None:
    """A coordinator gets so far, and dies."""
    async with stage.services.database.transaction(SERVICE) as tx:
        assert await loop.run_once(tx, stage.clock.now()) == 1


async def test_a_refund_of_a_dead_coordinator_goes_on(stage: Stage, newcomer: Newcomer) -> None:
    """At once when the same one starts again; after its reservation when another one has to guess."""
    person = await newcomer()
    funding = await stage.paid(person)
    await stage.paid(person)
    await ask(person, funding, 1_000_000)
    await taken(stage, FundingRefunds(stage.services))
    other = FundingRefunds(replace(stage.services, instance=uuid4()))
    assert await stage.turn(other) == 0
    assert await stage.turn(FundingRefunds(stage.services)) == 1
    assert await states(stage) == ["done"]
    await ask(person, funding, 1_000_000)
    await taken(stage, FundingRefunds(stage.services))
    stage.move(minutes=4)
    assert await stage.turn(other) == 1
    assert await states(stage) == ["done", "done"]


async def test_a_late_turn_does_not_begin(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    funding = await stage.paid(person)
    await stage.paid(person)
    await ask(person, funding)
    slow = FundingRefunds(stage.services)
    await taken(stage, slow)
    stage.move(minutes=2)
    await slow.committed()
    assert await states(stage) == ["requested"]
    assert stage.stripe.state.store.of("platform", "refund") == []
    stage.move(minutes=2)
    await stage.loops()
    assert await states(stage) == ["done"]


async def test_a_refund_that_comes_back_is_in_the_wallet_again(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    funding = await stage.paid(person)
    await stage.paid(person)
    await ask(person, funding, 3_000_000)
    await stage.loops()
    (row,) = await stage.fetch("select refund_id from public.funding_refunds")
    assert await states(stage) == ["done"]
    stage.stripe.world.fail_refund(row["refund_id"])
    await stage.notices()
    await stage.notices()
    assert await states(stage) == ["failed"]
    assert await stage.balance(person) == 20_000_000
    assert agrees(stage, await stage.clearing())
    assert (await ask(person, funding)).json()["amount_micros"] == 10_000_000


async def test_a_refund_waits_while_stripe_does_not_hold_enough(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    funding = await stage.paid(person)  # Stripe kept its fee, so it holds less than the whole
    await ask(person, funding)
    await stage.loops()
    assert await states(stage) == ["requested"]
    assert agrees(stage, await stage.clearing())
    await stage.paid(await newcomer())
    stage.move(days=2)
    await stage.loops()
    assert await states(stage) == ["done"]
    assert agrees(stage, await stage.clearing())


async def test_a_refund_that_stripe_refuses_is_in_the_wallet_again(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    funding = await stage.paid(person)
    await ask(person, funding)
    stage.stripe.world.dispute(funding["charge"])
    await stage.loops()
    assert await states(stage) == ["failed"]
    await stage.notices()
    assert (await stage.balance(person), await stage.balance(person, "debt")) == (0, 0)
    assert agrees(stage, await stage.clearing())


async def test_a_refund_on_its_way_is_read_again(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    funding = await stage.paid(person)
    await stage.paid(person)
    stage.stripe.world.hold_refunds()
    await ask(person, funding)
    await stage.loops()
    assert await states(stage) == ["sent"]
    (row,) = await stage.fetch("select refund_id from public.funding_refunds")
    stage.stripe.world.settle_refund(row["refund_id"])
    stage.stripe.state.unsent.clear()
    stage.move(minutes=5)
    await stage.loops()
    assert await states(stage) == ["done"]
