"""Which jobs' work is in memory."""

import asyncio
from uuid import UUID

from we1web.coordinator.market.claims import OPEN_BUNDLES, Claims
from we1web.coordinator.market.registry import Registry
from we1web.engine.reactor import Engine
from we1web.testing.patience import eventually

from .conftest import Site

PROBE_TASKS = 4
"""What the site's own market takes of a job that nobody has begun."""
LONG_US = 5_000_000
"""A task of five seconds is a bundle of its own."""


async def loaded(engine: Engine, key: int, bundles: int) -> int | None:
    """How many of the job's bundles are in memory, once they are enough."""
    job = engine.state.jobs.get(key)
    return len(job.bundles) if job is not None and len(job.bundles) >= bundles else None


async def test_a_large_job_that_came_first_leaves_room_for_a_later_one(site: Site) -> None:
    requester = await site.requester()
    large = await site.submit(requester, [b"x"] * (3 * OPEN_BUNDLES))
    small = await site.submit(requester, [b"x"] * 1_500)
    database = site.app.services.database
    connection = await database.connect_service()
    try:
        await connection.execute("update public.jobs set task_us = $1", LONG_US)
        keys = {row["id"]: row["key"] for row in await connection.fetch("select id, key from public.jobs")}
    finally:
        await connection.close()
    engine = Engine(1)
    claims = Claims(database, engine, Registry(), "test")
    running = asyncio.create_task(claims.run(lambda: None))
    try:
        for job, least in ((large, OPEN_BUNDLES), (small, 1_500 - PROBE_TASKS)):
            key = keys[UUID(job)]
            claims.submitted(key)
            await eventually(lambda key=key, least=least: loaded(engine, key, least), "its work is in memory", 20)
    finally:
        running.cancel()
        await asyncio.wait([running])
