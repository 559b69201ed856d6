"""Which jobs' work is in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg

from we1web.coordinator.market.claims import OPEN_BUNDLES, Claims
from we1web.coordinator.market.registry import Registry
from we1web.engine.reactor import Engine
from we1web.testing.patience import eventually

from .conftest import Site, differences, ended, work

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


async def test_a_small_job_is_cut_for_haste_though_its_tasks_are_found_before_they_are_told_of(site: Site) -> None:
    """The market looks for work once a second: what it knew of a job then may be from before its list was complete."""
    requester = await site.requester()
    await site.app.services.market.stop()
    job = await site.open(requester, 3)
    database, engine = site.app.services.database, Engine(1)
    async with database.snapshot() as connection:
        key = await connection.fetchval("select key from public.jobs where id = $1", UUID(job))
    claims = Claims(database, engine, Registry(), "test")
    claims.submitted(key)
    running = asyncio.create_task(claims.run(lambda: None))
    try:
        await eventually(lambda: loaded(engine, key, 0), "the job is known", 20)
        await site.send(requester, job, [b"x"] * 3)
        await eventually(lambda: loaded(engine, key, 1), "its work is in memory", 20)
        assert engine.state.jobs[key].interactive
        assert [len(bundle.arguments) for bundle in engine.state.bundles.values()] == [1, 1, 1]
    finally:
        running.cancel()
        await asyncio.wait([running])


LOCK = 77


@asynccontextmanager
async def claims_held(site: Site) -> AsyncIterator[asyncpg.Connection]:
    """Until this ends, whoever takes a chunk for the market waits in the middle of it. Yields who holds it."""
    dsn = site.app.services.config.database_url
    assert dsn is not None
    admin = await asyncpg.connect(dsn.get_secret_value())
    try:
        await admin.execute(
            f"create function public.wait() returns trigger language plpgsql as"
            f" $$ begin perform pg_advisory_xact_lock_shared({LOCK}); return null; end $$;"
            f"create trigger wait before update on public.chunks for each statement execute function public.wait();"
            f"select pg_advisory_lock({LOCK})"
        )
        yield admin
    finally:
        await admin.close()


async def waiting(admin: asyncpg.Connection) -> bool | None:
    held = "select true from pg_locks where locktype = 'advisory' and objid = $1 and not granted"
    found: bool | None = await admin.fetchval(held, LOCK)
    return found


async def test_a_job_cancelled_while_its_work_is_being_taken_ends_unpaid_for(site: Site) -> None:
    """What the market read of it just before is old: not a task of it is handed out, and all of its money goes back."""
    requester = await site.requester()
    working = [asyncio.create_task(work(await site.node(window=16))) for _ in range(3)]
    async with claims_held(site) as admin:
        job = await site.submit(requester, [b"x"] * 5)
        await eventually(lambda: waiting(admin), "its chunk is being taken", 20)
        assert (await requester.delete(f"/api/jobs/{job}")).json()["state"] == "cancelled"
    await eventually(lambda: ended(requester, job), "the end of the job", 20)
    after = await site.submit(requester, [b"y"] * 5)
    await eventually(lambda: ended(requester, after), "the end of a later one", 20)
    assert not [each for each in working if each.done()]
    status = (await requester.get(f"/api/jobs/{job}")).json()
    assert (status["state"], status["spent_micros"], status["executions"]) == ("cancelled", 0, 0)
    assert await differences(site) == []
    for each in working:
        each.cancel()
