"""Payouts of earnings in another currency: exchanged when they are asked for, and back when they fail."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from tests.fixtures_postgres import Postgres
from tests.http.conftest import Person
from tests.payments.paying import Desk, desk
from tests.payments.test_payouts import TEN, assert_sound


@pytest_asyncio.fixture(loop_scope="session")
async def paying(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with desk(postgres, tmp_path_factory.mktemp("paying")) as made:
        yield made
        await assert_sound(made)


async def test_earnings_are_exchanged_for_an_account_in_another_currency(paying: Desk) -> None:
    ada = await paying.person()
    account = await paying.account(ada, "eur")
    await paying.earn(ada, TEN)
    await paying.earn(await paying.person(), TEN, "eur")  # what the platform holds in euro at Stripe
    today = paying.clock.now().date()
    await paying.fetch("insert into fx_rates values ($1, 'usd', 'eur', 912345678, 'test', now())", today)
    query = {"account_id": account, "currency": "usd"}
    shown = (await ada.http.get("/api/payments/payout/preview", params=query)).json()
    payout = await paying.ask(ada, account)
    assert (payout["source_currency"], payout["source_micros"], payout["currency"]) == ("usd", TEN, "eur")
    assert payout["gross_micros"] == shown["gross_micros"] == 9_120_000
    assert (shown["rate_nanos"], shown["rate_day"]) == (912_345_678, today.isoformat())
    await paying.send_all()
    story = await paying.story(ada, payout)
    assert [transaction["kind"] for transaction in story["transactions"]] == ["exchange", "payout", "payout_sent"]
    assert await paying.balance("earnings", "eur", ada.id) == 3_456
    assert await paying.balance("earnings", "usd", ada.id) == 0
    assert (await paying.balance("fx", "usd"), await paying.balance("fx", "eur")) == (TEN, -9_123_457)
    await paying.earn(ada, TEN)
    paying.clock.advance(days=30)
    stale = await ada.http.get("/api/payments/payout/preview", params=query)
    assert stale.json()["code"] == "rate_stale"


async def ask_exchanged(at: Desk) -> tuple[Person, dict[str, Any]]:
    """A payout of dollars to an account in euro, by a rate that has changed since."""
    ada = await at.person()
    account = await at.account(ada, "eur", bank="000111111116")
    await at.earn(ada, TEN)
    await at.earn(await at.person(), TEN, "eur")
    insert = "insert into fx_rates values ($1, 'usd', 'eur', $2, 'test', now())"
    today = at.clock.now().date()
    await at.fetch(insert, today - timedelta(days=1), 912_345_678)
    payout = await at.ask(ada, account)
    await at.fetch(insert, today, 700_000_000)
    return ada, payout


async def test_a_failed_payout_is_exchanged_back_by_the_same_rate(paying: Desk) -> None:
    """9.12 of 9.123456 euro were asked for; the rest was too small to be paid and is in the earnings already."""
    ada, payout = await ask_exchanged(paying)
    (row,) = await paying.fetch("select destination from payout_accounts")
    paying.stripe.world.close(row["destination"])
    await paying.send()
    story = await paying.story(ada, payout)
    assert (story["state"], story["reason"]) == ("failed", "account_closed")
    kinds = [transaction["kind"] for transaction in story["transactions"]]
    assert kinds == ["exchange", "payout", "payout_failed", "exchange"]
    back = TEN * 9_120_000 // 9_123_456
    assert await paying.balance("earnings", "usd", ada.id) == back
    assert await paying.balance("earnings", "eur", ada.id) == 3_456
    assert (await paying.balance("fx", "usd"), await paying.balance("fx", "eur")) == (TEN - back, -3_457)


async def test_a_returned_payout_stays_in_the_currency_it_was_sent_in(paying: Desk) -> None:
    ada, payout = await ask_exchanged(paying)
    await paying.send_all()
    for _ in range(6):
        paying.advance(days=1)
        await paying.read()
        await paying.send_all()
    assert (await paying.story(ada, payout))["state"] == "returned"
    assert await paying.balance("earnings", "usd", ada.id) == 0
    assert await paying.balance("earnings", "eur", ada.id) == payout["net_micros"] + 3_456
