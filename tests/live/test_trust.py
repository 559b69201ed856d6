"""Twelve nodes of twelve owners on a real coordinator: three collude, one keeps crashing, one is slow; one referee."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from tests.fixtures_postgres import Postgres
from tests.live.harness import CoordinatorProcess, Fleet, Person, Requester
from tests.live.test_crash import Moments, check_books

from we1web.protocol import outcome

HONEST = ("ada", "bob", "cleo", "dan", "eve", "fay", "gus")
CLIQUE = ("mallory", "mordred", "moriarty")
CRASHING, SLOW = "crash", "slow"
TASKS = 4_000
CHUNK = 10


@pytest_asyncio.fixture
async def coordinator(postgres: Postgres, tmp_path: Path) -> AsyncIterator[CoordinatorProcess]:
    process = CoordinatorProcess(tmp_path / "coordinator", DATABASE_URL=await postgres.create())
    await process.start()
    yield process
    await process.stop()


async def crash_and_come_back(fleet: Fleet, moments: Moments, owner: Person) -> None:
    """Vanishes in mid-task and starts again, six times."""
    for _ in range(6):
        await moments.next()
        await fleet.kill(CRASHING)
        await fleet.start(CRASHING, await owner.token("node"))


@pytest.mark.parametrize("policy", ["classic", "adaptive"])
async def test_a_clique_a_crashing_and_a_slow_node_change_no_result(
    coordinator: CoordinatorProcess, tmp_path: Path, policy: str
) -> None:
    async with Fleet(coordinator, tmp_path) as fleet:
        for name in HONEST:
            await fleet.add(name)
        for name in CLIQUE:
            await fleet.add(name, liar=True)
        await fleet.add(SLOW, slow_s=0.3)
        crashing = await fleet.add(CRASHING)
        requester = await Requester.make(coordinator)
        await fleet.start("judge", coordinator.operator_token, referee="*")
        payloads = [b"task %d" % number for number in range(TASKS)]
        moments = Moments(fleet, seed=5, most=TASKS // 5)
        trouble = asyncio.create_task(crash_and_come_back(fleet, moments, crashing))
        job = await requester.submit(payloads, chunk=CHUNK, policy=policy)
        ended = await requester.until_done(job, timeout_s=120)
        trouble.cancel()
        results = await requester.results(job)
    assert (ended["verified"], ended["failed"], ended["state"]) == (TASKS, 0, "done")
    answers = {item["index"]: outcome.payload(item["outcome"]) for item in results}
    assert answers == dict(enumerate(payloads)), "wrong results accepted"
    totals = await requester.totals()
    assert sum(totals.values()) == 0 and totals["escrow"] == 0
    await check_books(coordinator.environment["DATABASE_URL"])
