"""kill -9 between any two steps from a held budget to paid votes, at every boundary: exactly once, to the last cent."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest
import pytest_asyncio
from tests.fixtures_postgres import Postgres
from tests.live.gates import Commit, Gates
from tests.live.harness import PRICE_MICROS, CoordinatorProcess, Fleet, Requester

from we1web.coordinator.storage import audit
from we1web.protocol import outcome

TASKS, VOTES = 6, 3
STEPS = ("hold", "added", "votes", "ended", "settled", "settle", "refund")
"""Money is held for a job, tasks are accepted, votes are written down, tasks end, the flush up to which all is paid is
marked, votes are paid, and the requester has the rest back."""
MOMENTS = [Commit(step, happens) for step in STEPS for happens in (False, True)]


def payloads(name: str) -> list[bytes]:
    return [f"{name} {number}".encode() for number in range(TASKS)]


@dataclass
class Floor:
    """A coordinator with three owners' nodes, which does one job after the other."""

    coordinator: CoordinatorProcess
    requester: Requester
    gates: Gates
    admin: asyncpg.Connection

    async def job(self, name: str) -> str:
        """From its submission to its end, whatever happens to the coordinator meanwhile."""
        job = await self.requester.submit(payloads(name), hold_s=0)
        await self.requester.until_done(job)
        return job

    async def killed(self, moment: Commit) -> None:
        await self.gates.spring(moment, self.coordinator.kill)
        await self.coordinator.start()

    async def held(self, kind: str) -> int:
        query = "select coalesce(sum(balance), 0)::bigint from ledger.balances where kind = $1"
        micros: int = await self.admin.fetchval(query, kind)
        return micros


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def floor(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Floor]:
    folder = tmp_path_factory.mktemp("floor")
    async with postgres.lent() as dsn:
        coordinator = CoordinatorProcess(folder / "coordinator", DATABASE_URL=dsn)
        await coordinator.start()
        gates, admin = await Gates.install(dsn), await asyncpg.connect(dsn)
        try:
            async with Fleet(coordinator, folder) as fleet:
                for name in ("ada", "bob", "cleo"):
                    await fleet.add(name)
                yield Floor(coordinator, await Requester.make(coordinator), gates, admin)
        finally:
            await admin.close()
            await gates.close()
            await coordinator.stop()


@pytest.mark.parametrize("moment", MOMENTS, ids=Commit.name)
async def test_killed_at_this_boundary_every_vote_is_paid_exactly_once(floor: Floor, moment: Commit) -> None:
    before = {kind: await floor.held(kind) for kind in ("earnings", "fees", "wallet", "escrow")}
    await floor.gates.arm(moment)
    job, _ = await asyncio.gather(floor.job(moment.name()), floor.killed(moment))
    results = await floor.requester.results(job)
    found = {item["index"]: outcome.payload(item["outcome"]) for item in results}
    assert (found, len(results)) == (dict(enumerate(payloads(moment.name()))), TASKS)
    votes = Counter(vote["agreed"] for item in results for vote in item["votes"])
    assert votes == {True: TASKS * VOTES}
    spent = TASKS * VOTES * PRICE_MICROS
    assert (await floor.requester.job(job))["spent_micros"] == spent
    moved = {kind: await floor.held(kind) - micros for kind, micros in before.items()}
    assert moved == {"earnings": spent * 9 // 10, "fees": spent // 10, "wallet": -spent, "escrow": 0}
    async with floor.admin.transaction(isolation="repeatable_read"):
        assert [one async for one in audit.differences(floor.admin)] == []
