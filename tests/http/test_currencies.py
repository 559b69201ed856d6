"""Jobs in the requester's currency: held, counted and given back in it; placement compares them by the day's rate."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.http.conftest import PROGRAM, Newcomer, Person, Site, create, order
from tests.storage.rows import BY

from we1web.coordinator.rates import rate_of
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain import recipes


async def load(site: Site, base: str, quote: str, nanos: int, days_old: int = 0) -> None:
    day = site.app.services.clock.now().date() - timedelta(days=days_old)
    async with site.app.services.database.transaction(SERVICE) as tx:
        await tx.execute(
            """insert into fx_rates (day, base, quote, nanos, source) values ($1, $2, $3, $4, 'test')
               on conflict (day, base, quote) do update set nanos = excluded.nanos""",
            day,
            base,
            quote,
            nanos,
        )


async def funded(site: Site, newcomer: Newcomer, currency: str, micros: int = 1_000_000) -> Person:
    person = await newcomer()
    async with site.app.services.database.transaction(SERVICE) as tx:
        await ledger.post(tx, recipes.fund(person.id, UUID(person.id), micros, currency), BY)
    await person.upload(PROGRAM)
    return person


async def row(site: Site, job: dict[str, Any]) -> Any:
    async with site.app.services.database.transaction(SERVICE) as tx:
        return await tx.fetchrow("select * from jobs where id = $1::uuid", job["id"])


async def refused(person: Person, status: int, **changes: Any) -> str:
    await person.upload(PROGRAM)
    answer = await person.http.post("/api/jobs", json=order(1, **changes))
    assert answer.status_code == status, answer.text
    code: str = answer.json()["code"]
    return code


async def test_a_job_in_another_currency(site: Site, newcomer: Newcomer) -> None:
    await load(site, "eur", "usd", 1_200_000_000)
    person = await funded(site, newcomer, "eur")
    job = await create(person, 1, currency="eur")
    assert job["currency"] == "eur"
    stored = await row(site, job)
    assert stored["worth_micros"] == (stored["price_micros"] - stored["fee_micros"]) * 12 // 10
    (balance,) = (await person.http.get("/api/payments/earnings")).json()["balances"]
    assert (balance["currency"], balance["held_micros"]) == ("eur", job["budget_micros"])
    await person.http.delete(f"/api/jobs/{job['id']}")
    (balance,) = (await person.http.get("/api/payments/earnings")).json()["balances"]
    assert (balance["wallet_micros"], balance["held_micros"]) == (1_000_000, 0)


async def test_dollars_do_not_pay_for_a_job_in_euro(site: Site, newcomer: Newcomer) -> None:
    await load(site, "eur", "usd", 1_200_000_000)
    person = await funded(site, newcomer, "usd")
    assert await refused(person, 402, currency="eur") == "insufficient_funds"


async def test_a_currency_nobody_knows_and_one_without_a_rate(site: Site, newcomer: Newcomer) -> None:
    person = await newcomer()
    assert await refused(person, 422, currency="xxx") == "currency_unknown"
    assert await refused(person, 409, currency="kwd") == "rate_missing"
    await load(site, "sek", "usd", 100_000_000, days_old=6)
    assert await refused(person, 409, currency="sek") == "rate_stale"


async def test_an_estimate_names_its_currency(site: Site, newcomer: Newcomer) -> None:
    person = await newcomer()
    asked = {"n": 2, "price_micros": 100, "currency": "jpy"}
    assert (await person.http.post("/api/jobs/estimate", json=asked)).json()["currency"] == "jpy"
    wrong = await person.http.post("/api/jobs/estimate", json=asked | {"currency": "xxx"})
    assert wrong.json()["code"] == "currency_unknown"


async def test_the_newest_rate_that_is_not_too_old(site: Site) -> None:
    today = site.app.services.clock.now().date()
    await load(site, "chf", "usd", 1_000_000_000, days_old=3)
    await load(site, "chf", "usd", 1_100_000_000, days_old=1)
    await load(site, "chf", "usd", 1_300_000_000, days_old=-1)
    async with site.app.services.database.transaction(SERVICE) as tx:
        assert (await rate_of(tx, "chf", "usd", today, 5)).nanos == 1_100_000_000
        with pytest.raises(Refusal) as stale:
            await rate_of(tx, "chf", "usd", today, 0)
    assert stale.value.code == "rate_stale"
