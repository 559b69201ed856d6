"""The demonstration's own job in real sandboxes, while the coordinator is killed ten times."""

import asyncio
from pathlib import Path

from tests.live.harness import PRICE_MICROS, CoordinatorProcess, Fleet, Requester
from tests.live.test_crash import HONEST, Moments, check_acknowledged, check_books

from we1web.demo.analysis import analyse, standard_library
from we1web.sdk.client import Client


def analyse_library(url: str, token: str) -> list[dict[str, object]]:
    """The demonstration's Python job through the SDK, as any requester would send it."""
    with Client(url, token) as client:
        return list(client.map(analyse, standard_library().values(), price=PRICE_MICROS, budget=10**9, progress=False))


async def test_the_demo_job_in_real_sandboxes_survives_ten_kills(
    coordinator: CoordinatorProcess, tmp_path: Path
) -> None:
    async with Fleet(coordinator, tmp_path, sandboxed=("python",)) as fleet:
        for name in HONEST[:3]:
            await fleet.add(name)
        requester = await Requester.make(coordinator)
        moments = Moments(fleet, seed=4, most=180, patience_s=120)
        work = asyncio.create_task(
            asyncio.to_thread(analyse_library, coordinator.url, await requester.person.token("jobs"))
        )
        for _ in range(10):
            await moments.next()
            await coordinator.kill()
            await coordinator.start()
        assert await work == [analyse(source) for source in standard_library().values()]
        totals = await requester.totals()
        assert sum(totals.values()) == 0 and totals["escrow"] == 0
        dsn = coordinator.environment["DATABASE_URL"]
        await check_books(dsn)
        await check_acknowledged(dsn, fleet)
