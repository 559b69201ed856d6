"""A coordinator dies between any two steps of a payout: whoever goes on pays once, and the same one at once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest
import pytest_asyncio
from tests.fixtures_postgres import Postgres
from tests.payments.paying import Desk, desk
from tests.payments.test_payouts import TEN, assert_sound

from we1web.coordinator.actions.payout_reading import rails_of
from we1web.coordinator.loops.loop import run_once
from we1web.coordinator.loops.payout_sender import PayoutSender
from we1web.coordinator.storage.principal import SERVICE


@pytest_asyncio.fixture(loop_scope="session")
async def paying(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(postgres, tmp_path_factory.mktemp("paying")) as made:
        yield made
        await assert_sound(made)


async def test_a_crash_between_any_two_steps_pays_once(paying: Desk) -> None:
    """Each step is taken by a sender that then dies; another one goes on when the reservation has ended."""
    assert await paying.send() == 0  # it has begun, so what is reserved is its own or another's
    for step in ("reserve", "ask", "record"):
        ada = await paying.person()
        account = await paying.account(ada)
        await paying.earn(ada, TEN)
        payout = await paying.ask(ada, account)
        sender = paying.sender
        async with paying.services.database.transaction(SERVICE) as tx:
            await sender.run_once(tx, paying.clock.now())
        (order,) = sender._reserved
        if step != "reserve":
            answer = await sender.ask(order)
            assert answer is not None
            if step == "record":
                await sender.record(order, answer)
        sender._reserved = []
        assert await paying.send() == 0  # it is reserved for the dead one
        paying.advance(minutes=4)
        await paying.send_all()
        assert (await paying.story(ada, payout))["state"] == "transferred"
        assert len([t for t in paying.transfers() if t["transfer_group"] == f"payout:{payout['id']}"]) == 1


async def reserve_and_die(at: Desk, asks: bool) -> None:
    """A coordinator of the same data directory gets so far and no further."""
    dead = PayoutSender(at.services, rails_of(at.services))
    async with at.services.database.transaction(SERVICE) as tx:
        await dead.run_once(tx, at.clock.now())
    (order,) = dead._reserved
    if asks:
        assert await dead.ask(order) is not None


@pytest.mark.parametrize("asked", [False, True])
async def test_a_coordinator_that_starts_again_goes_on_at_once(paying: Desk, asked: bool) -> None:
    ada = await paying.person()
    account = await paying.account(ada)
    await paying.earn(ada, TEN)
    payout = await paying.ask(ada, account)
    await reserve_and_die(paying, asked)
    stranger = replace(paying.services, instance=uuid4())
    assert await run_once(stranger, PayoutSender(stranger, rails_of(stranger))) == 0  # for it, the dead one may live
    assert await paying.send() == 1
    assert (await paying.story(ada, payout))["state"] == "transferred"
    assert len(paying.transfers()) == 1
    assert await paying.fetch("select from payouts where reserved_by is not null") == []


async def test_a_sender_takes_back_what_an_earlier_life_had_and_never_its_own(paying: Desk) -> None:
    ada = await paying.person()
    account = await paying.account(ada)
    assert await paying.send() == 0
    await paying.earn(ada, TEN)
    await paying.ask(ada, account)
    await reserve_and_die(paying, asks=False)
    assert await paying.send() == 0


async def test_a_key_that_may_be_under_way_is_kept_over_a_restart(paying: Desk) -> None:
    """It was first used six minutes ago and nothing is there; but its last use may be a moment ago."""
    ada = await paying.person()
    account = await paying.account(ada)
    await paying.earn(ada, TEN)
    await paying.ask(ada, account)
    await reserve_and_die(paying, asks=False)
    paying.advance(minutes=6)
    await reserve_and_die(paying, asks=False)
    assert await paying.send() == 1
    (row,) = await paying.fetch("select state, round from payouts")
    assert (row["state"], row["round"], len(paying.transfers())) == ("transferred", 0, 1)


async def test_a_transfer_to_be_taken_back_goes_on_at_once_too(paying: Desk) -> None:
    ada = await paying.person()
    account = await paying.account(ada, bank="000111111116")
    await paying.earn(ada, TEN)
    payout = await paying.ask(ada, account)
    paying.sender = PayoutSender(paying.services, rails_of(paying.services))
    await paying.send()
    paying.advance(days=5)
    await paying.read()
    await reserve_and_die(paying, asks=True)
    paying.sender = PayoutSender(paying.services, rails_of(paying.services))
    await paying.send()
    assert (await paying.story(ada, payout))["state"] == "returned"


async def test_a_late_sender_does_not_begin(paying: Desk) -> None:
    ada = await paying.person()
    account = await paying.account(ada)
    await paying.earn(ada, TEN)
    await paying.ask(ada, account)
    async with paying.services.database.transaction(SERVICE) as tx:
        await paying.sender.run_once(tx, paying.clock.now())
    (order,) = paying.sender._reserved
    paying.advance(minutes=2)
    assert await paying.sender.ask(order) is None
    assert paying.transfers() == []
    paying.advance(minutes=2)
    await paying.send_all()
