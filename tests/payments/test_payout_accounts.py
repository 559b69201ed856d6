"""Payout accounts: one per rail and person, known to Stripe once, never another's, and as Stripe says they are."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from pydantic import SecretStr
from tests.fixtures_postgres import Postgres
from tests.http.conftest import Newcomer, Person, Site, newcomer, no_loops, run
from tests.simulated_stripe import simulated

from we1web.coordinator.loops.loop import run_once
from we1web.coordinator.loops.payout_account_reads import PayoutAccountReads
from we1web.coordinator.rail_handler import Notice
from we1web.coordinator.rail_handlers.accounts import account_changed
from we1web.coordinator.storage.principal import SERVICE
from we1web.testing.stripe_simulator.simulator import Simulator

__all__ = ["newcomer"]
GERMAN = {"rail": "stripe", "country": "DE", "currency": "eur"}
BANK = {"rail": "manual", "country": "DE", "currency": "eur", "iban": "DE89 3704 0044 0532 0130 00", "holder": "Ann"}
ACCOUNTS = "/api/payments/accounts"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stripe() -> AsyncIterator[Simulator]:
    simulator = Simulator(now=lambda: 1_900_000_000)
    async with simulated(simulator) as url:
        simulator.url = url  # type: ignore[attr-defined]
        yield simulator


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory, stripe: Simulator) -> AsyncIterator[Site]:
    """A coordinator that pays through the simulated Stripe and by bank; its duties run when a test says so."""
    settings: dict[str, Any] = {
        "stripe_secret_key": SecretStr("sk_test_1"),
        "stripe_api_url": stripe.url,  # type: ignore[attr-defined]
        "stripe_webhook_secrets": SecretStr("whsec_1"),
        "bank_iban": "DE89370400440532013000",
        "bank_name": "We1web",
    }
    dsn = await postgres.create()
    async for running in run(dsn, tmp_path_factory.mktemp("site"), make_loops=no_loops, **settings):
        yield running


async def opened(person: Person, order: dict[str, str] = GERMAN) -> dict[str, Any]:
    answer = await person.http.post(ACCOUNTS, json=order)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def stripes_id(site: Site, account: dict[str, Any]) -> str:
    async with site.app.services.database.transaction(SERVICE) as tx:
        found: str = await tx.fetchval("select destination from payout_accounts where id = $1::uuid", account["id"])
    return found


async def test_an_account_at_stripe_from_opening_to_active(site: Site, newcomer: Newcomer, stripe: Simulator) -> None:
    person = await newcomer()
    account = await opened(person)
    assert (account["status"], account["rail"]) == ("pending", "stripe")
    assert account["url"].startswith(stripe.url)  # type: ignore[attr-defined]
    assert account["wants"]
    again = await opened(person)
    assert again["id"] == account["id"]
    assert again["url"] != account["url"]
    name = await stripes_id(site, account)
    stripe.world.onboard(name)
    await account_changed(site.app.services, Notice("stripe", "evt_1", "v2.core.account.updated", "", name))
    (seen,) = (await person.http.get(ACCOUNTS)).json()["items"]
    assert (seen["status"], seen["wants"], seen["url"]) == ("active", [], None)
    assert name not in str(seen)
    schedules = [r for r in stripe.requests if r.path == "/v1/balance_settings" and r.account == name]
    assert [r.parameters["payments"]["payouts"]["schedule"] for r in schedules] == [{"interval": "daily"}]


async def test_pressed_twice_at_once_there_is_one_account(newcomer: Newcomer) -> None:
    person = await newcomer()
    both = await asyncio.gather(opened(person, BANK), opened(person, BANK))
    assert both[0] == both[1]


async def test_a_lost_notice_only_costs_time(site: Site, newcomer: Newcomer, stripe: Simulator) -> None:
    person = await newcomer()
    account = await opened(person)
    stripe.world.onboard(await stripes_id(site, account))
    async with site.app.services.database.transaction(SERVICE) as tx:
        await tx.execute("update payout_accounts set checked_at = null where id = $1::uuid", account["id"])
    await run_once(site.app.services, PayoutAccountReads(site.app.services))
    (seen,) = (await person.http.get(ACCOUNTS)).json()["items"]
    assert seen["status"] == "active"


async def test_stripe_makes_one_account_though_its_answers_are_lost(
    site: Site, newcomer: Newcomer, stripe: Simulator
) -> None:
    person = await newcomer()
    before = len(stripe.state.accounts)
    stripe.faults.add("drop_after", "POST /v2/core/accounts$", count=10)
    failed = await person.http.post(ACCOUNTS, json=GERMAN)
    assert (failed.status_code, failed.json()["code"]) == (503, "rail_unavailable")
    stripe.faults.clear()
    await opened(person)
    assert len(stripe.state.accounts) == before + 1


async def test_a_bank_account_is_checked_and_masked(site: Site, newcomer: Newcomer) -> None:
    person = await newcomer()
    account = await opened(person, BANK)
    assert (account["status"], account["url"]) == ("active", None)
    assert "37040044" not in account["destination"].replace(" ", "")
    assert account["destination"].replace(" ", "").endswith("3000")
    for change, code in (
        ({"iban": "DE89370400440532013001"}, "iban_invalid"),
        ({"country": "FR"}, "iban_invalid"),
        ({"currency": "usd"}, "currency_mismatch"),
        ({"currency": "xxx"}, "currency_unknown"),
        ({"holder": "  "}, "invalid_request"),
        ({"iban": "x" * 65}, "invalid_request"),
        ({"iban": "NL91ABNA0417164300", "country": "NL"}, "account_exists"),
    ):
        answer = await person.http.post(ACCOUNTS, json=BANK | change)
        assert answer.json()["code"] == code, change
        assert "37040044" not in answer.text


async def test_anothers_account_does_not_exist(site: Site, newcomer: Newcomer) -> None:
    owner, stranger = await newcomer(), await newcomer()
    account = await opened(owner, BANK)
    for name in (account["id"], str(uuid4())):
        for method, path in (("POST", f"{ACCOUNTS}/{name}/link"), ("DELETE", f"{ACCOUNTS}/{name}")):
            answer = await stranger.http.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await stranger.http.get(ACCOUNTS)).json()["items"] == []


async def test_an_account_closes_when_nothing_is_on_its_way_there(site: Site, newcomer: Newcomer) -> None:
    person = await newcomer()
    account = await opened(person, BANK)
    async with site.app.services.database.transaction(SERVICE) as tx:
        await tx.execute(
            """insert into payouts (user_id, account_id, rail, currency, gross_micros, fee_micros)
               select user_id, id, rail, currency, 10000, 0 from payout_accounts where id = $1::uuid""",
            account["id"],
        )
    busy = await person.http.delete(f"{ACCOUNTS}/{account['id']}")
    assert (busy.status_code, busy.json()["code"]) == (409, "account_busy")
    async with site.app.services.database.transaction(SERVICE) as tx:
        await tx.execute("update payouts set state = 'paid' where account_id = $1::uuid", account["id"])
    assert (await person.http.delete(f"{ACCOUNTS}/{account['id']}")).status_code == 204
    assert (await person.http.get(ACCOUNTS)).json()["items"] == []
    assert (await opened(person, BANK))["id"] != account["id"]
    async with site.app.services.database.transaction(SERVICE) as tx:
        told = await tx.fetch(
            "select event, actor_kind, actor_id from money_events where subject_id = $1 order by id", account["id"]
        )
    assert [(r["event"], r["actor_kind"], r["actor_id"]) for r in told] == [
        ("opened", "user", person.id),
        ("closed", "user", person.id),
    ]


async def test_an_account_closed_at_stripe_is_closed_here(site: Site, newcomer: Newcomer, stripe: Simulator) -> None:
    person = await newcomer()
    account = await opened(person)
    name = await stripes_id(site, account)
    stripe.world.close(name)
    await account_changed(site.app.services, Notice("stripe", "evt_2", "v2.core.account.closed", "", name))
    assert (await person.http.get(ACCOUNTS)).json()["items"] == []
