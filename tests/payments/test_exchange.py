"""Exchanging money: both legs, by a fresh rate, and without one nothing; and the operator's report of all of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from tests.fixtures_postgres import Postgres
from tests.http.conftest import Newcomer, Person
from tests.payments.conftest import Stage, ask, assert_audited
from tests.payments.paying import Desk, desk

from we1web.coordinator.loops.rail_reconcile import RailReconcile

ORDER = {"account": "wallet", "source_currency": "usd", "target_currency": "eur", "amount_micros": 2_000_000}


async def rates(stage: Stage, *lines: tuple[str, str, int], days_old: int = 0) -> None:
    day = (stage.clock.now() - timedelta(days=days_old)).date()
    for base, quote, nanos in lines:
        await stage.fetch(
            "insert into public.fx_rates (day, base, quote, nanos, source) values ($1, $2, $3, $4, 'test') returning 1",
            day,
            base,
            quote,
            nanos,
        )


async def exchange(person: Person, key: str = "", **changes: Any) -> httpx2.Response:
    headers = {"Idempotency-Key": key or uuid4().hex}
    return await person.http.post("/api/payments/exchange", json=ORDER | changes, headers=headers)


async def balances(stage: Stage, person: Person) -> tuple[int, int]:
    return await stage.balance(person), await stage.balance(person, currency="eur")


async def test_what_can_be_exchanged_is_what_has_a_fresh_rate(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()

    async def pairs() -> list[tuple[str, str]]:
        found = (await person.http.get("/api/payments/exchange/pairs")).json()["pairs"]
        return [(pair["source_currency"], pair["target_currency"]) for pair in found]

    await rates(stage, ("eur", "jpy", 160_000_000_000), days_old=6)
    assert await pairs() == []
    await rates(stage, ("eur", "usd", 1_250_000_000), ("eur", "gbp", 850_000_000))
    three = ("eur", "gbp", "usd")
    assert await pairs() == [(one, other) for one in three for other in three if one != other]


async def test_what_is_quoted_comes_out_and_both_legs_are_recorded(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    await person.fund(stage.site.operator, 10_000_000)
    await rates(stage, ("eur", "usd", 1_250_000_000))
    quote = (await person.http.get("/api/payments/exchange", params=ORDER)).json()
    assert (quote["received_micros"], quote["rate"]) == (1_600_000, "0.8")
    assert await balances(stage, person) == (10_000_000, 0)
    done = await exchange(person, "k", least_micros=1_600_000)
    assert done.json() == quote
    assert (await exchange(person, "k", least_micros=1_600_000)).json() == quote
    assert await balances(stage, person) == (8_000_000, 1_600_000)
    legs = await stage.fetch("select currency, balance from ledger.balances where kind = 'fx' order by currency")
    assert [tuple(leg.values()) for leg in legs] == [("eur", -1_600_000), ("usd", 2_000_000)]
    report = (await stage.site.operator.get("/api/operator/money")).json()
    eur = next(c for c in report["currencies"] if c["currency"] == "eur")
    assert (eur["position_micros"], eur["position_value_micros"]) == (-1_600_000, -2_000_000)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"amount_micros": 10_000_001}, 402, "insufficient_funds"),
        ({"account": "earnings"}, 402, "insufficient_funds"),
        ({"account": "escrow"}, 422, "invalid_request"),
        ({"amount_micros": 0}, 422, "invalid_request"),
        ({"amount_micros": 1}, 422, "bad_amount"),
        ({"amount_micros": 1.5}, 422, "invalid_request"),
        ({"target_currency": "usd"}, 422, "currency_mismatch"),
        ({"target_currency": "xxx"}, 422, "currency_unknown"),
        ({"target_currency": "EUR"}, 422, "invalid_request"),
        ({"target_currency": "jpy"}, 409, "rate_missing"),
        ({"least_micros": 1_600_001}, 409, "rate_changed"),
    ],
)
async def test_bad_orders_move_nothing(
    stage: Stage, newcomer: Newcomer, changes: dict[str, Any], status: int, code: str
) -> None:
    person = await newcomer()
    await person.fund(stage.site.operator, 10_000_000)
    await rates(stage, ("eur", "usd", 1_250_000_000))
    refused = await exchange(person, **changes)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert await balances(stage, person) == (10_000_000, 0)


async def test_old_rates_exchange_nothing(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    await person.fund(stage.site.operator, 10_000_000)
    await rates(stage, ("eur", "usd", 1_250_000_000), days_old=6)
    refused = await exchange(person)
    assert (refused.status_code, refused.json()["code"]) == (409, "rate_stale")
    assert await balances(stage, person) == (10_000_000, 0)


async def test_the_operator_sees_where_all_the_money_is(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    await stage.paid(person)
    await ask(person)  # open: no money yet
    transfer = (await ask(person, 50_000_000, "eur", "manual")).json()
    said = {"currency": "eur", "amount_micros": 50_000_000}
    await stage.site.operator.post(f"/api/operator/fundings/{transfer['id']}/confirm", json=said)
    unpaid = await stage.opened(person)
    stage.stripe.world.pay(await stage.session(unpaid))
    await stage.turn(RailReconcile(stage.services))
    await stage.stripe.deliver()
    assert (await person.http.get("/api/operator/money")).status_code == 403
    report = (await stage.site.operator.get("/api/operator/money")).json()
    usd = next(c for c in report["currencies"] if c["currency"] == "usd")
    eur = next(c for c in report["currencies"] if c["currency"] == "eur")
    assert (usd["came_in_micros"], usd["wallets_micros"], usd["costs_micros"]) == (10_000_000, 10_000_000, 590_000)
    assert usd["at_rails_micros"] == {"stripe": 9_410_000}
    assert (eur["came_in_micros"], eur["outside_micros"], eur["at_rails_micros"]) == (50_000_000, 50_000_000, {})
    assert [(c["difference_micros"], c["unexplained"]) for c in report["checks"]] == [(9_410_000, 1)]
    assert [(m["type"], m["net_micros"]) for m in report["unexplained"]] == [("charge", 9_410_000)]
    assert report["notices_waiting"] >= 1
    await stage.notices()
    await stage.turn(RailReconcile(stage.services))
    after = (await stage.site.operator.get("/api/operator/money")).json()
    assert (after["notices_waiting"], after["unexplained"]) == (0, [])
    assert after["checks"][0]["difference_micros"] == 0


async def test_who_owes_exchanges_nothing(stage: Stage, newcomer: Newcomer) -> None:
    person = await newcomer()
    await person.fund(stage.site.operator, 10_000_000)
    await rates(stage, ("eur", "usd", 1_250_000_000))
    funding = await stage.paid(person, 20_000_000, "eur")
    await exchange(person, source_currency="eur", target_currency="usd", amount_micros=15_000_000)
    stage.stripe.world.dispute(funding["charge"])
    await stage.notices()
    refused = await exchange(person)
    assert (refused.status_code, refused.json()["code"]) == (402, "debt_outstanding")
    (debt,) = await stage.fetch(
        "select balance from ledger.accounts where owner_id = $1 and kind = 'debt'", UUID(person.id)
    )
    assert debt["balance"] == -15_000_000


async def visitor(at: Desk) -> Person:
    """Somebody who is logged in, and so may spend."""
    client = at.site.client()
    at.clients.append(client)
    login = {"email": "bob@example.com", "password": "correct horse battery"}
    told = (await client.post("/api/auth/register", json=login)).json()
    client.headers["Authorization"] = f"Bearer {told['session']['access_token']}"
    return Person(told["user"]["id"], login["email"], client)


async def test_a_margin_is_shown_before_and_booked_to_the_fees(postgres: Postgres, tmp_path: Path) -> None:
    """Half a per cent of what comes out, in an exchange and in a payout to an account in another currency."""
    async with desk(postgres, tmp_path, exchange_margin_bps=50) as at:
        ada, bob = await at.person(), await visitor(at)
        await bob.fund(at.site.operator, 2_000_000)
        await at.earn(ada, 10_000_000)
        account = await at.account(ada, "eur")
        insert = "insert into fx_rates values ($1, 'usd', 'eur', 800000000, 'test', now())"
        await at.fetch(insert, at.clock.now().date())
        quote = (await bob.http.get("/api/payments/exchange", params=ORDER)).json()
        assert (quote["received_micros"], quote["margin_micros"], quote["margin_bps"]) == (1_592_000, 8_000, 50)
        assert (await exchange(bob, least_micros=1_592_000)).json() == quote
        assert await at.balance("fees", "eur") == 8_000
        query = {"account_id": account, "currency": "usd"}
        shown = (await ada.http.get("/api/payments/payout/preview", params=query)).json()
        assert (shown["gross_micros"], shown["margin_micros"], shown["margin_bps"]) == (7_960_000, 40_000, 50)
        payout = await at.ask(ada, account)
        assert payout["gross_micros"] == 7_960_000
        assert await at.balance("fees", "eur") == 48_000
        (row,) = await at.fetch("select destination from payout_accounts")
        at.stripe.world.close(row["destination"])
        await at.send()
        assert await at.balance("earnings", "usd", ada.id) == 10_000_000
        await assert_audited(at.services)
