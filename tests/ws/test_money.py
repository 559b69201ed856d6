"""The real market's money, audited: every settlement follows from the votes of real connections."""

import asyncio
from typing import Any

import httpx2
from tests.ws.conftest import Site, differences, ended, work

from we1web.coordinator.storage import audit
from we1web.testing.patience import eventually


async def test_the_books_of_real_jobs_are_sound_at_every_moment(site: Site) -> None:
    """Audited all the time while votes come in, are settled, and jobs end or are cancelled."""
    requester = await site.requester()
    nodes = [await site.node(window=16) for _ in range(3)]
    audits = 0

    async def watch() -> None:
        nonlocal audits
        while True:
            assert await differences(site) == []
            audits += 1

    watching, *working = [asyncio.create_task(each) for each in (watch(), *map(work, nodes))]
    jobs = [await site.submit(requester, [b"%d" % n for n in range(60)], price_micros=7)]
    some_in_time = {"bonus_micros": 50, "bonus_within_s": 0.002}
    jobs.append(await site.submit(requester, [b"%d" % n for n in range(30)], **some_in_time))
    jobs.append(await site.submit(requester, [b"x"] * 5))
    jobs.append(await site.submit(requester, [b"y"] * 5))
    await requester.delete(f"/api/jobs/{jobs[-1]}")
    for job in jobs:
        await eventually(lambda job=job: ended(requester, job), "the end of a job", 20)
    assert not watching.done(), watching.result()
    for task in (watching, *working):
        task.cancel()
    assert await differences(site) == [] and audits > 2
    async with site.app.services.database.snapshot() as connection:
        settled = await connection.fetchval("select count(*) from ledger.transactions where kind = 'settle'")
        assert settled >= 2 and (await audit.size(connection)).tasks >= 95


async def trace(http: httpx2.AsyncClient, transaction: int) -> dict[str, Any]:
    """All pages of one, three tasks at a time, as one."""
    whole: dict[str, Any] = {}
    cursor = None
    while True:
        query = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        answer = await http.get(f"/api/payments/postings/{transaction}", params=query)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        if whole:
            whole["settlement"]["tasks"] += page["settlement"]["tasks"]
        else:
            whole = page
        cursor = page["next_cursor"]
        if cursor is None:
            return whole


async def postings(http: httpx2.AsyncClient, account: str) -> list[dict[str, Any]]:
    found = await http.get("/api/payments/postings", params={"account": account, "limit": 200})
    items: list[dict[str, Any]] = found.json()["items"]
    return items


async def test_every_earning_opens_into_the_votes_that_earned_it(site: Site) -> None:
    """And every payment of the requester into the votes it paid for: sums are equal, to the micro-unit."""
    accounts = [await site.account() for _ in range(3)]
    nodes = [await site.node(await site.token("node", account=account), window=16) for account in accounts]
    working = [asyncio.create_task(work(node)) for node in nodes]
    requester = await site.requester()
    job = await site.submit(requester, [b"%d" % n for n in range(25)], name="tiles", bonus_micros=50, bonus_within_s=30)
    await eventually(lambda: ended(requester, job), "the end of the job", 20)
    for task in working:
        task.cancel()
    seen = 0
    for account in accounts:
        async with site.http(account) as http:
            earned = await postings(http, "earnings")
            assert sum(item["amount_micros"] for item in earned) == 25 * (90 + 45)
            for item in earned:
                opened = await trace(http, item["transaction_id"])
                check(opened, item, "contributor", job, (90, 45))
                assert all(len(task["votes"]) == 1 for task in opened["settlement"]["tasks"])
                seen += len(opened["settlement"]["tasks"])
                others = {one["account"]: one for one in opened["counterparts"]}
                assert set(others) == {"escrow", "fees", "earnings"} and others["earnings"]["accounts"] == 2
                stranger = await trace_of_a_stranger(site, item["transaction_id"])
                assert (stranger.status_code, stranger.json()["code"]) == (404, "not_found")
            assert (await http.get(f"/api/tasks/{opened['settlement']['tasks'][0]['id']}")).status_code == 404
    assert seen == 75
    paid = [item for item in await postings(requester, "held") if item["kind"] == "settle"]
    assert sum(item["amount_micros"] for item in paid) == -25 * 450
    for item in paid:
        opened = await trace(requester, item["transaction_id"])
        check(opened, item, "requester", job, (100, 50))
        assert all(len(task["votes"]) == task["agreed"] == 3 for task in opened["settlement"]["tasks"])


def check(opened: dict[str, Any], item: dict[str, Any], role: str, job: str, each: tuple[int, int]) -> None:
    """The posting of a list, its entry, its votes and their tasks come to the same amount."""
    settlement = opened["settlement"]
    (entry,) = opened["entries"]
    assert entry["amount_micros"] == item["amount_micros"] == settlement["amount_micros"]
    votes, fast = settlement["votes"], settlement["fast"]
    assert abs(settlement["amount_micros"]) == votes * each[0] + fast * each[1] and fast == votes
    assert (settlement["per_vote_micros"], settlement["per_bonus_micros"]) == each
    assert sum(task["fast"] for task in settlement["tasks"]) == fast
    assert sum(task["amount_micros"] for task in settlement["tasks"]) == settlement["amount_micros"]
    assert sum(task["paid"] for task in settlement["tasks"]) == settlement["votes"]
    assert (settlement["role"], settlement["job"], settlement["job_name"]) == (role, job, "tiles")
    assert sum(one["amount_micros"] for one in [*opened["entries"], *opened["counterparts"]]) == 0
    assert opened["actor"]["kind"] == "market" and opened["actor"]["cause"] == f"flush {settlement['flush']}"
    for task in settlement["tasks"]:
        assert task["digest"] and task["state"] == "verified" and task["flush"] <= settlement["flush"]


async def trace_of_a_stranger(site: Site, transaction: int) -> httpx2.Response:
    async with site.http(await site.account()) as http:
        return await http.get(f"/api/payments/postings/{transaction}")
