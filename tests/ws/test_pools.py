"""Pools and the real market: what votes earn is shared by the rule of the moment, and never anything else."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from tests.ws.conftest import HandNode, Site

from we1web.coordinator.loops.pool_pots import PoolPots
from we1web.coordinator.storage import audit
from we1web.coordinator.storage.principal import SERVICE
from we1web.protocol import outcome
from we1web.protocol.messages import Assigned, Complete, Completed, Report

REWARD = 90
"""Of a price of 100, after the platform's fee."""
COMMISSION = 9
TENTH = 1_000


class Contributor:
    """Somebody logged in, with one node."""

    def __init__(self, http: httpx2.AsyncClient, node: HandNode) -> None:
        self.http = http
        self.node = node

    async def id(self) -> UUID:
        return UUID((await self.http.get("/api/auth/session")).json()["user"]["id"])

    async def earned(self) -> int:
        balances = (await self.http.get("/api/payments/earnings")).json()["balances"]
        return sum(balance["earnings_micros"] for balance in balances)

    async def earns(self, micros: int) -> None:
        """Waits until that is what they have: settlements come a moment after the votes."""
        async with asyncio.timeout(20):
            while await self.earned() < micros:
                assert (await self.http.get("/readyz")).status_code == 200
        assert await self.earned() == micros

    async def grouped(self) -> dict[str, int]:
        """The sum of all groups, by what they are of."""
        sums = {}
        for by in ("day", "currency", "job", "node"):
            answer = await self.http.get("/api/payments/earnings", params={"by": by})
            sums[by] = sum(group["earned_micros"] for group in answer.json()["groups"])
        return sums

    async def told(self, votes: int) -> tuple[int, int]:
        """(earned, pooled) as the node was told for so many paid votes."""
        earned = pooled = paid = 0
        async with asyncio.timeout(20):
            while paid < votes:
                frame = await self.node.hear(Completed)
                paid, earned, pooled = paid + frame.paid, earned + frame.earned_micros, pooled + frame.pooled_micros
        return earned, pooled

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self.http.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


async def contributors(site: Site) -> list[Contributor]:
    accounts = [await site.account() for _ in range(3)]
    nodes = [await site.node(await site.token("node", account=account)) for account in accounts]
    return [Contributor(site.http(account), node) for account, node in zip(accounts, nodes, strict=True)]


async def work(site: Site, requester: httpx2.AsyncClient, people: Sequence[Contributor], tasks: int) -> None:
    """Each of the three votes on every task."""
    await site.submit(requester, [b"%d" % place for place in range(tasks)])
    votes = 0
    all_voted = asyncio.Event()

    async def vote(node: HandNode) -> None:
        nonlocal votes
        while True:
            leases = (await node.hear(Assigned)).leases
            reports = [Report(one.bundle, [outcome.value(a[1:]) for a in one.arguments], 1_000) for one in leases]
            if reports:
                node.seq += 1
                await node.say(Complete(node.seq, reports))
            votes += sum(len(one.arguments) for one in leases)
            if votes >= 3 * tasks:
                all_voted.set()

    async with asyncio.timeout(30):
        voters = [asyncio.create_task(vote(person.node)) for person in people]
        try:
            await all_voted.wait()
        finally:
            for voter in voters:
                voter.cancel()


async def balanced(site: Site) -> dict[str, int]:
    """The ledger's totals by kind: they sum to zero."""
    async with site.http(site.app.operator_token_path.read_text().strip()) as operator:
        totals = (await operator.get("/api/operator/books")).json()["totals"]
    books = {total["kind"]: total["balance_micros"] for total in totals}
    assert sum(books.values()) == 0
    return books


async def differences(site: Site) -> list[audit.Difference]:
    """The books, audited against the votes themselves."""
    async with site.app.services.database.snapshot() as connection:
        return [one async for one in audit.differences(connection)]


async def test_a_commission_goes_to_the_treasury_and_the_rest_to_whoever_earned_it(site: Site) -> None:
    requester, (a, b, c) = await site.requester(), await contributors(site)
    made = await a.post("/api/pools", name="First", commission_bps=TENTH, split="contribution")
    await b.post("/api/pools/join", key=made["key"])
    await work(site, requester, (a, b, c), 10)
    for person, earned in ((a, REWARD - COMMISSION), (b, REWARD - COMMISSION), (c, REWARD)):
        await person.earns(10 * earned)
        assert await person.told(10) == (10 * earned, 0)
    seen = (await a.http.get("/api/pools/mine")).json()["pool"]
    (money,) = seen["money"]
    assert seen["votes"] == 20
    assert money == {
        "currency": "usd",
        "earned_micros": 20 * REWARD,
        "commission_micros": 20 * COMMISSION,
        "pooled_micros": 0,
        "treasury_micros": 20 * COMMISSION,
        "pot_micros": 0,
    }
    series = (await b.http.get("/api/payments/earnings/series")).json()
    assert series["today_micros"] == 10 * (REWARD - COMMISSION)
    taken = await a.post(f"/api/pools/{seen['id']}/withdraw")
    assert taken == {"currency": "usd", "amount_micros": 20 * COMMISSION}
    await a.earns(10 * (REWARD - COMMISSION) + 20 * COMMISSION)
    for person in (a, b, c):
        assert set((await person.grouped()).values()) == {await person.earned()}
    assert (await balanced(site))["pool"] == 0
    assert await differences(site) == []
    listed = await a.http.get("/api/payments/postings", params={"account": "earnings"})
    for item in listed.json()["items"]:
        opened = (await a.http.get(f"/api/payments/postings/{item['transaction_id']}")).json()
        if item["kind"] == "settle":
            settled = opened["settlement"]
            share = settled["share"]
            assert settled["amount_micros"] == settled["votes"] * REWARD
            assert share | {"commission_micros": 0} == {
                "name": "First",
                "commission_bps": TENTH,
                "split": "contribution",
                "commission_micros": 0,
                "pooled_micros": 0,
            }
            assert item["amount_micros"] == settled["amount_micros"] - share["commission_micros"]
            assert share["commission_micros"] == settled["votes"] * COMMISSION
        else:
            assert (item["kind"], opened["settlement"]) == ("withdraw", None)
    outside = (await c.http.get("/api/payments/postings", params={"account": "earnings"})).json()["items"][0]
    opened = (await c.http.get(f"/api/payments/postings/{outside['transaction_id']}")).json()
    assert opened["settlement"]["share"] is None


async def test_a_pot_is_for_those_who_were_members_and_leaving_ends_all_sharing(site: Site) -> None:
    requester, (a, b, c) = await site.requester(), await contributors(site)
    await work(site, requester, (a, b, c), 5)
    await b.earns(5 * REWARD)
    made = await a.post("/api/pools", name="Second", commission_bps=TENTH, split="equal")
    pool = f"/api/pools/{made['pool']['id']}"
    await b.post("/api/pools/join", key=made["key"])
    await work(site, requester, (a, b, c), 10)
    await c.earns(15 * REWARD)
    part = REWARD - COMMISSION
    assert await b.told(15) == (5 * REWARD, 10 * part)
    assert await b.earned() == 5 * REWARD, "the pot is not split yet"
    await b.post(f"{pool}/leave")
    assert (await a.earned(), await b.earned()) == (5 * REWARD + 10 * part, 5 * REWARD + 10 * part)
    await work(site, requester, (a, b, c), 10)
    await b.earns(15 * REWARD + 10 * part)
    assert (await balanced(site))["pot"] == 10 * part
    await a.post(f"{pool}/close")
    await a.earns(5 * REWARD + 20 * part + 30 * COMMISSION)
    for person in (a, b, c):
        assert set((await person.grouped()).values()) == {await person.earned()}
    rest = (await b.http.get("/api/payments/earnings", params={"by": "node"})).json()["groups"][-1]
    assert (rest["node"], rest["votes_paid"], rest["earned_micros"]) == (None, None, 10 * part)
    books = await balanced(site)
    assert (books["pot"], books["pool"], books["earnings"]) == (0, 0, 75 * REWARD)
    assert await differences(site) == []
    await work(site, requester, (a, b, c), 1)
    await a.earns(5 * REWARD + 20 * part + 30 * COMMISSION + REWARD)


async def test_pots_are_split_every_hour_once(site: Site) -> None:
    requester, (a, b, c) = await site.requester(), await contributors(site)
    made = await a.post("/api/pools", name="Third", commission_bps=0, split="equal")
    await b.post("/api/pools/join", key=made["key"])
    await work(site, requester, (a, b, c), 3)
    await c.earns(3 * REWARD)
    now, loop = datetime.now(UTC), PoolPots()
    moved = []
    for later in (timedelta(0), timedelta(hours=2), timedelta(hours=2), timedelta(hours=9)):
        async with site.app.services.database.transaction(SERVICE) as tx:
            moved.append(await loop.run_once(tx, now + later))
    assert moved == [0, 1, 0, 0]
    assert (await a.earned(), await b.earned()) == (3 * REWARD, 3 * REWARD)


async def test_a_part_of_a_pot_leads_to_the_votes_that_filled_it(site: Site) -> None:
    requester, (a, b, c) = await site.requester(), await contributors(site)
    made = await a.post("/api/pools", name="Traced", commission_bps=TENTH, split="equal")
    pool = f"/api/pools/{made['pool']['id']}"
    await b.post("/api/pools/join", key=made["key"])
    await work(site, requester, (a, b, c), 4)
    await c.earns(4 * REWARD)
    await b.post(f"{pool}/leave")
    await b.post("/api/pools/join", key=made["key"])
    await work(site, requester, (a, b, c), 2)
    await c.earns(6 * REWARD)
    await a.post(f"{pool}/close")
    for person in (a, b):
        for split, votes in zip(await distributions(person), (2, 4), strict=True):
            await leads_to_votes(person, split["distribution"], votes)
    own = (await distributions(a))[0]["distribution"]["own"][0]
    stranger = site.http(await site.account())
    assert (await stranger.get(f"/api/payments/postings/{own['transaction_id']}")).status_code == 404


async def distributions(person: Contributor) -> list[dict[str, Any]]:
    """Their parts of pots, the newest first, each opened up."""
    listed = (await person.http.get("/api/payments/postings", params={"account": "earnings"})).json()["items"]
    return [await opened(person, item["transaction_id"]) for item in listed if item["kind"] == "distribute"]


async def opened(person: Contributor, number: int) -> dict[str, Any]:
    answer = await person.http.get(f"/api/payments/postings/{number}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def leads_to_votes(person: Contributor, split: dict[str, Any], votes: int) -> None:
    """Through each settlement that filled the pot to the person's own votes, and to nobody else's."""
    assert (split["name"], split["members"], split["votes"]) == ("Traced", 2, 2 * votes)
    assert sum(own["pooled_micros"] for own in split["own"]) == votes * (REWARD - COMMISSION)
    tasks = 0
    for own in split["own"]:
        trace = await opened(person, own["transaction_id"])
        assert trace["entries"] == []
        assert sum(other["amount_micros"] for other in trace["counterparts"]) == 0
        settled = trace["settlement"]
        assert (settled["votes"], settled["share"]["pooled_micros"]) == (own["votes"], own["pooled_micros"])
        assert [len(task["votes"]) for task in settled["tasks"]] == [1] * own["votes"]
        tasks += len(settled["tasks"])
    assert tasks == votes


async def test_a_split_that_fails_splits_nothing(site: Site) -> None:
    requester, (a, b, c) = await site.requester(), await contributors(site)
    await a.post("/api/pools", name="Fourth", commission_bps=0, split="equal")
    await work(site, requester, (a, b, c), 3)
    await c.earns(3 * REWARD)
    later = datetime.now(UTC) + timedelta(hours=2)
    with pytest.raises(RuntimeError):
        async with site.app.services.database.transaction(SERVICE) as tx:
            assert await PoolPots().run_once(tx, later) == 1
            raise RuntimeError("the coordinator dies before the commit")
    assert await a.earned() == 0
    async with site.app.services.database.transaction(SERVICE) as tx:
        assert await PoolPots().run_once(tx, later) == 1
    assert await a.earned() == 3 * REWARD


async def test_coming_and_going_while_votes_are_settled_loses_and_doubles_nothing(site: Site) -> None:
    tasks = 400
    requester, (a, b, c) = await site.requester(), await contributors(site)
    made = await a.post("/api/pools", name="Fifth", commission_bps=333, split="equal")
    pool = f"/api/pools/{made['pool']['id']}"
    working = asyncio.create_task(work(site, requester, (a, b, c), tasks))
    joined = 0
    while not working.done() or joined < 3:
        await b.post("/api/pools/join", key=made["key"])
        await b.post(f"{pool}/leave")
        joined += 1
        assert await differences(site) == []
    await working
    await c.earns(tasks * REWARD)
    async with site.app.services.database.transaction(SERVICE) as tx:
        shared = await tx.fetch("select user_id, gross_micros, commission_micros, pooled_micros from pool_shares")
    books = await balanced(site)
    assert books["earnings"] + books["pool"] + books["pot"] == 3 * tasks * REWARD
    assert books["pool"] == sum(row["commission_micros"] for row in shared)
    assert all(row["commission_micros"] == row["gross_micros"] * 333 // 10_000 for row in shared)
    assert await c.told(tasks) == (tasks * REWARD, 0)
    for person in (a, b):
        user = await person.id()
        kept = sum(row["commission_micros"] for row in shared if row["user_id"] == user)
        assert sum(await person.told(tasks)) == tasks * REWARD - kept
    await a.post(f"{pool}/close")
    assert await a.earned() + await b.earned() == 2 * tasks * REWARD
    assert (await balanced(site))["pot"] == 0
    assert await differences(site) == []
