"""The demonstration's own job in real sandboxes, while the coordinator is killed ten times."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from tests.live.harness import PRICE_MICROS, CoordinatorProcess, Fleet, Requester
from tests.live.test_crash import HONEST, Moments, check_acknowledged, check_books

from we1web.demo.analysis import analyse, standard_library
from we1web.sdk.client import Client

KILLS = 10
MORE = 400
"""Modules that are analysed twice: nodes go on with what they hold while the coordinator is away, and the job must not
end before the last kill."""


async def _comes_before(moment: Coroutine[Any, Any, None], work: "asyncio.Future[Any]") -> bool:
    """Whether the moment comes while there still is work."""
    waiting = asyncio.ensure_future(moment)
    await asyncio.wait([waiting, work], return_when=asyncio.FIRST_COMPLETED)
    came = waiting.done() and not work.done()
    waiting.cancel()
    return came


def sources() -> list[str]:
    library = list(standard_library().values())
    return library + library[:MORE]


def analyse_library(url: str, token: str) -> list[dict[str, object]]:
    """The demonstration's Python job through the SDK, as any requester would send it."""
    with Client(url, token) as client:
        return list(client.map(analyse, sources(), price=PRICE_MICROS, budget=10**9, progress=False))


async def test_the_demo_job_in_real_sandboxes_survives_ten_kills(
    coordinator: CoordinatorProcess, tmp_path: Path
) -> None:
    async with Fleet(coordinator, tmp_path, sandboxed=("python",)) as fleet:
        for name in HONEST[:3]:
            await fleet.add(name)
        requester = await Requester.make(coordinator)
        moments = Moments(fleet, seed=4, most=60, patience_s=600)
        work = asyncio.create_task(
            asyncio.to_thread(analyse_library, coordinator.url, await requester.person.token("jobs"))
        )
        kills = 0
        while kills < KILLS and await _comes_before(moments.next(), work):
            await coordinator.kill()
            await coordinator.start()
            kills += 1
        assert kills == KILLS
        assert await work == [analyse(source) for source in sources()]
        totals = await requester.totals()
        assert sum(totals.values()) == 0 and totals["escrow"] == 0
        dsn = coordinator.environment["DATABASE_URL"]
        await check_books(dsn)
        await check_acknowledged(dsn, fleet)
