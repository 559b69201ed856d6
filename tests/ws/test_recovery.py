"""What a market finds in the database when it opens."""

from uuid import UUID

from we1web.coordinator.market.claims import Claims
from we1web.coordinator.market.journal import Journal
from we1web.coordinator.market.recovery import recover
from we1web.coordinator.market.registry import Registry
from we1web.engine.reactor import Engine

from .conftest import Site, serve


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
