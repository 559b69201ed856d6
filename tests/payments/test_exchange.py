"""Exchanging money: both legs, by a fresh rate, and without one nothing; and the operator's report of all of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from tests.http.conftest import Newcomer, Person
from tests.payments.conftest import Stage, ask

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
