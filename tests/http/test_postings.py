"""The entries behind each balance, and what nodes earned by the hour."""

from itertools import pairwise
from uuid import UUID

from tests.http.conftest import Newcomer, Person, Site, create, node_key
from tests.storage.rows import BY

from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain import recipes


async def test_each_balance_is_the_sum_of_its_postings(site: Site, newcomer: Newcomer, requester: Person) -> None:
    contributor = await newcomer()
    first = await create(requester, 3, complete=True, name="tiles")
    second = await create(requester, 3, complete=True, name="words")
    async with site.app.services.database.transaction(SERVICE) as tx:
        for batch, job in enumerate((first, second, first)):
            paid = {UUID(contributor.id): 270}
            await ledger.post(tx, recipes.settle(UUID(job["id"]), batch, paid, 30), BY)
    await requester.http.delete(f"/api/jobs/{second['id']}")
    for person, account in ((requester, "wallet"), (requester, "held"), (contributor, "earnings")):
        items = await all_postings(person, account)
        (has,) = (await person.http.get("/api/payments/earnings")).json()["balances"]
        assert items[0]["balance_micros"] == has[f"{account}_micros"] == sum(item["amount_micros"] for item in items)
        for newer, older in pairwise(items):
            assert older["balance_micros"] == newer["balance_micros"] - newer["amount_micros"]
    earned = await all_postings(contributor, "earnings")
    assert [(item["kind"], item["job_name"], item["amount_micros"], item["balance_micros"]) for item in earned] == [
        ("settle", "tiles", 270, 810),
        ("settle", "words", 270, 540),
        ("settle", "tiles", 270, 270),
    ]
    wallet = await all_postings(requester, "wallet")
    assert [item["kind"] for item in wallet][-3:] == ["hold", "hold", "fund"]
    assert (wallet[-1]["job"], wallet[-1]["balance_micros"]) == (None, 1_000_000)
    assert await all_postings(contributor, "held") == []
    (held, *_) = [item for item in wallet if item["kind"] == "hold" and item["job_name"] == "tiles"]
    assert held["transaction_id"] in [item["transaction_id"] for item in await all_postings(requester, "held")]
    assert await all_postings(requester, "wallet", currency="usd") == wallet
    assert await all_postings(requester, "wallet", currency="eur") == []


async def all_postings(person: Person, account: str, **also: str) -> list[dict[str, object]]:
    """Two at a time, as a page would."""
    items, cursor = [], None
    while True:
        query = {"account": account, "limit": 2} | also | ({"cursor": cursor} if cursor else {})
        answer = await person.http.get("/api/payments/postings", params=query)
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return items


async def test_postings_need_an_account_that_exists(newcomer: Newcomer) -> None:
    person = await newcomer()
    for query, code in (
        ({}, "invalid_request"),
        ({"account": "fees"}, "invalid_request"),
        ({"account": "wallet", "cursor": "zzz"}, "bad_cursor"),
    ):
        answer = await person.http.get("/api/payments/postings", params=query)
        assert answer.json()["code"] == code


async def test_what_nodes_earned_hour_by_hour(site: Site, newcomer: Newcomer) -> None:
    owner, other = await newcomer(), await newcomer()
    async with site.app.services.database.transaction(SERVICE) as tx:
        for person, ago, micros in ((owner, 0, 50), (owner, 3, 20), (owner, 30, 1_000), (other, 0, 7)):
            _, key = await node_key(site, person)
            await tx.execute(
                "insert into node_hours values ($1, date_trunc('hour', now(), 'UTC') - $2 * interval '1 hour',"
                " 'usd', 2, 1, $3, 0)",
                key,
                ago,
                micros,
            )
        site.market.pending[await tx.fetchval("select key from users where id = $1::uuid", UUID(owner.id))] = {
            "usd": 33,
            "eur": 7,
        }
    series = (await owner.http.get("/api/payments/earnings/series")).json()
    assert [hour["earned_micros"] for hour in series["hours"]] == [0] * 20 + [20, 0, 0, 50]
    assert (series["hours"][-1]["votes_paid"], series["hours"][-1]["votes_rejected"]) == (2, 1)
    assert series["today_micros"] in (50, 70)  # three hours ago may be yesterday
    assert (series["pending_micros"], series["paid_micros"]) == (33, 0)
    longer = (await owner.http.get("/api/payments/earnings/series", params={"hours": 48})).json()
    assert sum(hour["earned_micros"] for hour in longer["hours"]) == 1_070
    assert (await owner.http.get("/api/payments/earnings/series", params={"hours": 745})).status_code == 422
