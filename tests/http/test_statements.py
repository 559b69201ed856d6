"""Statements of account and grouped earnings: their figures are the ledger's, and too much is refused clearly."""

import csv
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from pypdf import PdfReader
from tests.http.conftest import Newcomer, Person, Site, create, node_key
from tests.storage.rows import BY

from we1web.coordinator.queries import statements
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain import recipes

TODAY = datetime.now(UTC).date()


async def earn(site: Site, job: str, person: Person, micros: int, batch: int) -> None:
    async with site.app.services.database.transaction(SERVICE) as tx:
        await ledger.post(tx, recipes.settle(UUID(job), batch, {UUID(person.id): micros}, 10), BY)


@pytest_asyncio.fixture(loop_scope="session")
async def worked(site: Site, newcomer: Newcomer, requester: Person) -> tuple[Person, list[str]]:
    """A contributor who was paid three times for two jobs."""
    contributor = await newcomer()
    jobs = [(await create(requester, 3, complete=True, name=name))["id"] for name in ("tiles", "=words")]
    for batch, job in enumerate((jobs[0], jobs[1], jobs[0])):
        await earn(site, job, contributor, 270, batch)
    return contributor, jobs


async def month(person: Person, **query: str) -> Any:
    answer = await person.http.get(
        "/api/payments/statement", params={"account": "earnings", "month": f"{TODAY:%Y-%m}"} | query
    )
    assert answer.status_code == 200, answer.text
    return answer


async def test_a_statement_says_what_the_ledger_says(worked: tuple[Person, list[str]]) -> None:
    contributor, _ = worked
    answer = await month(contributor)
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(StringIO(answer.content.decode())))
    assert [row["amount"] for row in rows] == ["", "0.00027", "0.00027", "0.00027", ""]
    assert (rows[0]["balance"], rows[-1]["balance"]) == ("0.00", "0.00081")
    assert [row["text"].lstrip("'") for row in rows[1:-1]] == ["tiles", "=words", "tiles"]
    assert rows[2]["text"] != "=words", "a formula"
    postings = (await contributor.http.get("/api/payments/postings", params={"account": "earnings"})).json()["items"]
    assert [int(row["reference"]) for row in rows[1:-1]] == [item["transaction_id"] for item in reversed(postings)]


async def test_the_same_as_a_pdf_by_format_or_by_accept(worked: tuple[Person, list[str]]) -> None:
    contributor, _ = worked
    contributor.http.headers["Accept"] = "application/pdf"
    for query in ({}, {"format": "pdf"}):
        answer = await month(contributor, **query)
        assert answer.headers["content-type"] == "application/pdf"
        text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
        assert "0.00081" in text and "tiles" in text and contributor.email in text


async def test_a_wallet_opens_with_what_was_there_before(site: Site, worked: tuple[Person, list[str]]) -> None:
    """What was earned today is the opening balance of tomorrow, and nothing is left of it yesterday."""
    contributor, _ = worked
    for day, balance in ((TODAY - timedelta(days=1), "0.00"), (TODAY + timedelta(days=1), "0.00081")):
        query = {"account": "earnings", "first": str(day), "last": str(day)}
        answer = await contributor.http.get("/api/payments/statement", params=query)
        rows = list(csv.DictReader(StringIO(answer.content.decode())))
        assert [(row["kind"], row["balance"]) for row in rows] == [
            ("opening balance", balance),
            ("closing balance", balance),
        ]


async def test_what_is_no_statement_is_refused(
    site: Site, newcomer: Newcomer, worked: tuple[Person, list[str]]
) -> None:
    contributor, _ = worked
    for query, code in (
        ({}, "invalid_request"),
        ({"month": "2026-13"}, "invalid_request"),
        ({"month": "2026-01", "first": "2026-01-01", "last": "2026-01-02"}, "invalid_request"),
        ({"first": "2026-01-01"}, "invalid_request"),
        ({"first": "2026-01-02", "last": "2026-01-01"}, "invalid_request"),
        ({"first": "2025-01-01", "last": "2026-01-02"}, "statement_too_long"),
        ({"first": "9999-12-31", "last": "9999-12-31"}, "statement_too_long"),
        ({"month": "2026-01", "currency": "zzz"}, "invalid_request"),
        ({"month": "2026-01", "format": "docx"}, "invalid_request"),
        ({"month": "2026-01", "account": "fees"}, "invalid_request"),
    ):
        answer = await contributor.http.get("/api/payments/statement", params={"account": "wallet"} | query)
        assert (answer.status_code, answer.json()["code"]) == (422, code), query
    empty = await month(await newcomer())
    assert len(list(csv.DictReader(StringIO(empty.content.decode())))) == 2, "somebody else's lines"


async def test_too_many_lines_are_refused_before_they_are_read(
    worked: tuple[Person, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    contributor, _ = worked
    monkeypatch.setitem(statements.MAX_LINES, "pdf", 2)
    query = {"account": "earnings", "month": f"{TODAY:%Y-%m}", "format": "pdf"}
    refused = await contributor.http.get("/api/payments/statement", params=query)
    assert (refused.status_code, refused.json()["code"]) == (422, "statement_too_long")
    assert "3 entries" in refused.json()["detail"] and "csv" in refused.json()["hint"]
    await month(contributor)


async def grouped(person: Person, by: str, **query: object) -> list[dict[str, Any]]:
    """Two at a time, as a page would."""
    groups, cursor = [], None
    while True:
        asked = {"by": by, "limit": 2} | query | ({"cursor": cursor} if cursor else {})
        answer = await person.http.get("/api/payments/earnings", params=asked)
        assert answer.status_code == 200, answer.text
        assert answer.json()["items"] == []
        groups += answer.json()["groups"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return groups


async def test_earnings_by_day_job_and_currency_sum_to_the_balance(worked: tuple[Person, list[str]]) -> None:
    contributor, jobs = worked
    (day,) = await grouped(contributor, "day")
    assert (day["day"], day["earned_micros"], day["currency"]) == (str(TODAY), 810, "usd")
    by_job = await grouped(contributor, "job")
    assert [(group["job"], group["job_name"], group["earned_micros"]) for group in by_job] == [
        (jobs[0], "tiles", 540),
        (jobs[1], "=words", 270),
    ]
    (currency,) = await grouped(contributor, "currency")
    assert (currency["currency"], currency["earned_micros"]) == ("usd", 810)
    yesterday = str(TODAY - timedelta(days=1))
    assert await grouped(contributor, "day", first=yesterday, last=yesterday) == []
    refused = await contributor.http.get("/api/payments/earnings", params={"by": "day", "first": "2026-01-01"})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")


async def test_earnings_by_node_come_in_pages(site: Site, newcomer: Newcomer) -> None:
    owner, other = await newcomer(), await newcomer()
    expected = []
    async with site.app.services.database.transaction(SERVICE) as tx:
        for person, micros in ((owner, 5), (owner, 7), (owner, 9), (other, 100)):
            node, key = await node_key(site, person)
            await count(tx, key, micros)
            if person is owner:
                expected.append((node, micros, 2))
    found = await grouped(owner, "node")
    assert [(group["node"], group["earned_micros"], group["votes_paid"]) for group in found] == expected


async def count(tx: asyncpg.Connection, key: int, micros: int) -> None:
    await tx.execute(
        """insert into node_hours (node_key, hour, currency, votes_paid, earned_micros)
           values ($1, date_trunc('hour', now(), 'UTC'), 'usd', 2, $2)""",
        key,
        micros,
    )


async def test_where_the_money_is(site: Site, worked: tuple[Person, list[str]]) -> None:
    """Pending, in payouts that have not arrived, there, and paid: each figure from its own place."""
    contributor, _ = worked
    async with site.app.services.database.transaction(SERVICE) as tx:
        site.market.pending[await tx.fetchval("select key from users where id = $1::uuid", UUID(contributor.id))] = {
            "usd": 33
        }
        account = await tx.fetchval(
            """insert into payout_accounts (user_id, rail, country, currency, destination, status)
               values ($1, 'manual', 'DE', 'usd', 'x', 'active') returning id""",
            UUID(contributor.id),
        )
        for state, gross in (("requested", 100), ("transferred", 50), ("paid", 30), ("failed", 7)):
            await tx.execute(
                """insert into payouts (user_id, account_id, rail, currency, gross_micros, fee_micros, state)
                   values ($1, $2, 'manual', 'usd', $3, 1, $4)""",
                UUID(contributor.id),
                account,
                gross,
                state,
            )
    (total,) = (await contributor.http.get("/api/payments/earnings")).json()["totals"]
    assert total == {
        "currency": "usd",
        "pending_micros": 33,
        "held_micros": 150,
        "available_micros": 810,
        "paid_micros": 29,
    }
