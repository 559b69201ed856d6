"""What a market finds in the database when it opens."""

import asyncio
from uuid import UUID

from we1web.coordinator.market.claims import Claims
from we1web.coordinator.market.journal import Journal
from we1web.coordinator.market.recovery import recover
from we1web.coordinator.market.registry import Registry
from we1web.engine.reactor import Engine
from we1web.testing.patience import eventually

from .conftest import Site, ended, serve, work


async def test_a_bonus_that_was_not_settled_yet_is_in_the_books_after_a_restart(site: Site) -> None:
    """What is stored of ended tasks says who was in time; late votes are another table."""
    nodes = [await site.node() for _ in range(3)]
    job = await site.submit(await site.requester(), [b"x"], bonus_micros=50, bonus_within_s=30)
    await serve(nodes, 3)
    database = site.app.services.database
    connection = await database.connect_service()
    try:
        key = await connection.fetchval("select key from public.jobs where id = $1", UUID(job))
        task, late = await connection.fetchrow("select id, votes[1] >> 16 from public.tasks where job_key = $1", key)
        await connection.execute("delete from public.settlements")
        await connection.execute("update public.tasks set votes[2] = votes[2] & ~(1 << 14)::bigint where id = $1", task)
        extra = "insert into public.surplus_votes (task_id, node_key, job_key, flush, fast) values ($1, $2, $3, 1, $4)"
        await connection.execute(extra, task + 1, late, key, True)
        await connection.execute(extra, task + 2, late, key, False)
        engine, registry = Engine(1), Registry()
        journal = Journal(connection, engine, registry, lambda acks, batch: None, lambda books: None)
        await recover(connection, engine, registry, Claims(database, engine, registry, "test"), journal)
        assert sorted((each.paid, each.fast, each.earned_micros) for each in journal.books.judged()) == [
            (1, 0, 90),
            (1, 1, 135),
            (3, 2, 3 * 90 + 2 * 45),
        ]
        (settlement,) = journal.books.close(1_000_000, registry.owners)
        assert -min(posting.amount for posting in settlement.postings) == 5 * 100 + 3 * 50
    finally:
        await connection.close()


async def test_a_job_of_which_only_the_end_was_not_written_ends_after_a_restart(site: Site) -> None:
    nodes = [await site.node() for _ in range(3)]
    job = await site.submit(await site.requester(), [b"x"])
    await serve(nodes, 3)
    database = site.app.services.database
    connection = await database.connect_service()
    try:
        await connection.execute("update public.jobs set state = 'running', ended_at = null where id = $1", UUID(job))
        engine, registry = Engine(1), Registry()
        journal = Journal(connection, engine, registry, lambda acks, batch: None, lambda books: None)
        await recover(connection, engine, registry, Claims(database, engine, registry, "test"), journal)
        key = await connection.fetchval("select key from public.jobs where id = $1", UUID(job))
        assert [finished.key for finished in engine.take_finished()] == [key]
    finally:
        await connection.close()


async def test_a_market_that_cannot_hand_out_what_it_placed_begins_again(site: Site) -> None:
    """A bug in a beat is nobody's exception: leases would be placed and never sent."""
    site.faults = 1
    requester = await site.requester()
    job = await site.submit(requester, [b"x"])
    market = site.app.services.market
    floor = market.floor

    async def loaded() -> bool | None:
        return bool(floor.engine.state.bundles) or None

    await eventually(loaded, "its task is in memory", 20)
    floor.registry.records.clear()
    broken = await site.node()
    await broken.socket.wait_closed()
    assert broken.socket.close_code == 1012

    async def again() -> bool | None:
        return (market.ready and market.floor is not floor) or None

    await eventually(again, "another life of the market", 20)
    nodes = [asyncio.create_task(work(await site.node())) for _ in range(3)]
    await eventually(lambda: ended(requester, job), "the end of the job", 20)
    for node in nodes:
        node.cancel()
