"""Whatever dies, in whatever moment: the job ends, acknowledged votes are there, nobody is paid twice, the books are
balanced. Moments are chosen by counting executed tasks, so a seed always kills at the same ones."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import asyncpg
import pytest
import pytest_asyncio
from tests.fixtures_postgres import Postgres
from tests.live.harness import PRICE_MICROS, CoordinatorProcess, Fleet, Requester

from we1web.coordinator.storage import audit
from we1web.coordinator.storage.embedded import EmbeddedPostgres
from we1web.protocol import outcome

HONEST = ("ada", "bob", "cleo", "dan", "eve")
LIAR = "mallory"
TASKS = 2_000
FEE_BPS = 1_000


@pytest_asyncio.fixture
async def fleet(coordinator: CoordinatorProcess, tmp_path: Path) -> AsyncIterator[Fleet]:
    async with Fleet(coordinator, tmp_path) as fleet:
        for name in HONEST:
            await fleet.add(name)
        await fleet.add(LIAR, liar=True)
        yield fleet


def payloads() -> list[bytes]:
    return [b"task %d" % number for number in range(TASKS)]


class Moments:
    """Wakes somebody after a random number of further executed tasks."""

    def __init__(self, fleet: Fleet, seed: int, most: int, patience_s: float = 60) -> None:
        self._patience_s = patience_s
        self._random = Random(seed)
        self._most = most
        self._executed = 0
        self._due: int | None = None
        self._reached = asyncio.Event()
        fleet.on_executed = self._look

    def _look(self, total: int) -> None:
        self._executed = total
        if self._due is not None and total >= self._due:
            self._reached.set()

    async def next(self) -> None:
        self._due = self._executed + self._random.randint(1, self._most)
        self._reached.clear()
        async with asyncio.timeout(self._patience_s):
            await self._reached.wait()


async def check(requester: Requester, job: str) -> None:
    """What must hold after any disaster, from what the API says."""
    ended = await requester.until_done(job)
    assert (ended["verified"], ended["failed"], ended["state"]) == (TASKS, 0, "done")
    results = await requester.results(job)
    assert {item["index"]: outcome.payload(item["outcome"]) for item in results} == dict(enumerate(payloads()))
    assert len(results) == TASKS, "every task has one result"
    for item in results:
        voters = [vote["node"] for vote in item["votes"]]
        assert len(set(voters)) == len(voters) >= 3
        assert sum(vote["agreed"] for vote in item["votes"]) >= 2 / 3 * len(voters)
    totals = await requester.totals()
    assert sum(totals.values()) == 0
    assert totals["escrow"] == 0
    assert totals["earnings"] + totals["fees"] == ended["spent_micros"]


async def check_books(dsn: str) -> None:
    """What the nodes earned is exactly what the rows of votes say, each paid once; and the audit finds nothing."""
    database = await asyncpg.connect(dsn)
    try:
        async with database.transaction(isolation="repeatable_read", readonly=True):
            assert [one async for one in audit.differences(database)] == []
        votes = await database.fetch("select id, unnest(votes) as vote from tasks")
        surplus = await database.fetch("select task_id as id, node_key from surplus_votes")
        owners = {r["key"]: r["owner_id"] for r in await database.fetch("select key, owner_id from nodes")}
        earned = await database.fetch("select owner_id, balance from ledger.accounts where kind = 'earnings'")
    finally:
        await database.close()
    paid = [(r["id"], r["vote"] >> 16) for r in votes if r["vote"] >> 15 & 1]
    paid += [(r["id"], r["node_key"]) for r in surplus]
    assert len(set(paid)) == len(paid), "no vote is paid twice"
    reward = PRICE_MICROS - PRICE_MICROS * FEE_BPS // 10_000
    expected: dict[object, int] = {}
    for _, node in paid:
        expected[owners[node]] = expected.get(owners[node], 0) + reward
    assert {r["owner_id"]: r["balance"] for r in earned if r["balance"]} == expected


async def check_acknowledged(dsn: str, fleet: Fleet) -> None:
    """Every vote a node saw acknowledged is in the rows."""
    database = await asyncpg.connect(dsn)
    try:
        names = {r["name"]: r["key"] for r in await database.fetch("select key, name from nodes")}
        rows = await database.fetch("select id, unnest(votes) >> 16 as node from tasks")
        rows += await database.fetch("select task_id as id, node_key as node from surplus_votes")
    finally:
        await database.close()
    recorded = {(r["id"], r["node"]) for r in rows}
    lost = {
        (name, task)
        for name, tasks in fleet.acknowledged.items()
        if name != LIAR  # an expelled node's open votes become void, which is no loss
        for task in tasks
        if (task, names[name]) not in recorded
    }
    assert not lost, f"{len(lost)} acknowledged votes are gone"


@pytest.mark.parametrize("seed", [1])
async def test_the_coordinator_killed_at_ten_random_moments(
    coordinator: CoordinatorProcess, fleet: Fleet, seed: int, postgres: Postgres
) -> None:
    requester = await Requester.make(coordinator)
    moments = Moments(fleet, seed, most=3 * TASKS // 12)
    submission = asyncio.create_task(requester.submit(payloads(), chunk=20))
    for _ in range(10):
        await moments.next()
        await coordinator.kill()
        await coordinator.start()
    job = await submission
    await check(requester, job)
    dsn = coordinator.environment["DATABASE_URL"]
    await check_books(dsn)
    await check_acknowledged(dsn, fleet)


async def test_nodes_killed_in_mid_job_cost_nothing_but_their_time(
    coordinator: CoordinatorProcess, fleet: Fleet
) -> None:
    requester = await Requester.make(coordinator)
    moments = Moments(fleet, seed=2, most=TASKS // 2)
    submission = asyncio.create_task(requester.submit(payloads(), chunk=20))
    for victim in HONEST[:2]:
        await moments.next()
        await fleet.kill(victim)
    job = await submission
    await check(requester, job)
    dsn = coordinator.environment["DATABASE_URL"]
    await check_books(dsn)
    await check_acknowledged(dsn, fleet)


async def test_an_embedded_database_killed_in_mid_job_comes_back_and_nothing_is_lost(
    data_dir: Path, tmp_path: Path
) -> None:
    coordinator = CoordinatorProcess(data_dir)
    await coordinator.start()
    try:
        async with Fleet(coordinator, tmp_path) as fleet:
            for name in HONEST:
                await fleet.add(name)
            requester = await Requester.make(coordinator)
            moments = Moments(fleet, seed=3, most=TASKS // 2)
            submission = asyncio.create_task(requester.submit(payloads(), chunk=20))
            for _ in range(3):
                await moments.next()
                (postmaster,) = coordinator.folder.rglob("postmaster.pid")
                os.kill(int(postmaster.read_text().split()[0]), signal.SIGKILL)
                await coordinator.ready()
            job = await submission
            await check(requester, job)
            dsn = EmbeddedPostgres(data_dir).dsn
            await check_books(dsn)
            await check_acknowledged(dsn, fleet)
    finally:
        assert await coordinator.stop() == 0
