"""After a restart: the engine rebuilt from chunks, ended tasks and the vote log; no acknowledged vote is lost.

Money is rebuilt the same way: tasks whose flush no settlement covers are entered into the books again, and ended jobs
whose escrow still holds something are ended once more, which refunds it; so are jobs of which only the end was not
written yet.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

import asyncpg
import msgspec

from we1web.coordinator.market.claims import Claims
from we1web.coordinator.market.journal import Journal
from we1web.coordinator.market.records import job_record
from we1web.coordinator.market.registry import Registry
from we1web.coordinator.market.rows import AGREED, FAST
from we1web.coordinator.storage.statements import statement
from we1web.domain.reputation import Evidence
from we1web.engine.reactor import Engine
from we1web.engine.state import FAILED, TASK_BITS, VERIFIED
from we1web.protocol.codec import decode_client
from we1web.protocol.messages import Complete

_log_row = msgspec.msgpack.Decoder(list[int | bytes | list[int]])


async def recover(
    db: asyncpg.Connection, engine: Engine, registry: Registry, claims: Claims, journal: Journal
) -> dict[str, int]:
    """Rebuilds everything; returns counts for the log line. Call before any node may connect."""
    async with db.transaction():
        await db.execute(statement("market/everyone_offline"))
        await db.execute(statement("market/unfinished_cancelled"))
        chunks = await db.fetch(statement("market/open_chunks"))
        await _load_jobs(db, claims, {row["job_key"] for row in chunks})
        await recall_single_voters(db, registry)
        for row in chunks:
            await _load_chunk(db, claims, row)
        replayed = await _replay(db, engine, registry)
        unsettled = await _reopen_books(db, engine, registry, journal)
        await _end_cancelled(db, engine, registry, claims)
        await _end_complete(db, engine, registry, claims)
    return {"chunks": len(chunks), "bundles": len(engine.state.bundles), "reports": replayed, "unsettled": unsettled}


async def _load_jobs(db: asyncpg.Connection, claims: Claims, keys: Iterable[int]) -> None:
    now = asyncio.get_running_loop().time()
    for row in await db.fetch(statement("market/jobs"), list(keys)):
        claims.add_job(job_record(row, now))


async def recall_single_voters(db: asyncpg.Connection, registry: Registry) -> None:
    """Which nodes gave results that rest on one vote, of the jobs that have any: their number bounds what liars do."""
    keys = [record.key for record in registry.records.values() if record.job.singles]
    for row in await db.fetch(statement("market/single_voters"), keys) if keys else ():
        registry.alone.setdefault(row["job_key"], set()).add(row["node_key"])


async def _load_chunk(db: asyncpg.Connection, claims: Claims, row: asyncpg.Record) -> None:
    first = row["id"] << TASK_BITS
    ended = await db.fetch(statement("market/ended_tasks"), first, first + (1 << TASK_BITS))
    if len(ended) == row["n"]:
        await db.execute(statement("market/finish_chunks"), [row["id"]])
    else:
        claims.reload(row, {task["id"]: task["outcome"] for task in ended})


class Logged(NamedTuple):
    """A frame with votes, and which of its bundles came in time for a bonus."""

    node: int
    frame: bytes
    fast: Collection[int] = ()


def logged(body: bytes) -> Iterator[Logged]:
    """A row of the log: node key, frame and, only where there are any, the bundles that were in time; and so on."""
    flat = _log_row.decode(body)
    place = 0
    while place < len(flat):
        node, frame, *rest = flat[place : place + 3]
        assert isinstance(node, int) and isinstance(frame, bytes)
        fast = rest[0] if rest and isinstance(rest[0], list) else None
        yield Logged(node, frame, fast or ())
        place += 2 if fast is None else 3


async def _replay(db: asyncpg.Connection, engine: Engine, registry: Registry) -> int:
    """Votes recorded before, in their order."""
    now = asyncio.get_running_loop().time()
    log = [(row["seq"], list(logged(row["body"]))) for row in await db.fetch(statement("market/vote_log"))]
    await recall_nodes(db, engine, registry, {frame.node for _, frames in log for frame in frames})
    last = engine.mark
    replayed = 0
    for seq, frames in log:
        engine.mark = seq
        for each in frames:
            message = decode_client(each.frame)
            assert isinstance(message, Complete)
            node = engine.state.nodes[each.node]
            for report in message.reports:
                engine.replay(node, report.bundle, report.outcomes, now, fast=report.bundle in each.fast)
                replayed += 1
    engine.mark = last
    engine.replayed(now)
    return replayed


async def recall_nodes(db: asyncpg.Connection, engine: Engine, registry: Registry, keys: Iterable[int]) -> None:
    """Makes nodes known to the engine, with their reputations in the runtimes of the jobs that are open."""
    wanted = list(keys)
    for row in await db.fetch(statement("market/known_nodes"), wanted):
        engine.know(row["key"], row["owner_key"])
        registry.owners[row["owner_key"]] = row["owner_id"]
    runtimes = {record.job.runtime_id for record in registry.records.values()}
    for row in await db.fetch(statement("market/reputations"), wanted):
        for runtime_id in runtimes:
            if runtime_id.partition("-")[0] == row["runtime"]:
                engine.recall(engine.state.nodes[row["node_key"]], runtime_id, evidence_of(row), row["expelled"])


def evidence_of(row: Any) -> Evidence:
    return Evidence(row["passes"], row["failures"], row["cusum"])


async def _reopen_books(db: asyncpg.Connection, engine: Engine, registry: Registry, journal: Journal) -> int:
    """Ended tasks, and their votes, that no settlement covers yet."""
    votes: Counter[tuple[int, int]] = Counter()
    fast: Counter[tuple[int, int]] = Counter()
    rejected: Counter[tuple[int, int]] = Counter()
    states: Counter[int] = Counter()
    for row in await db.fetch(statement("market/unsettled_tasks")):
        states[row["state"]] += 1
        for vote in row["votes"]:
            (votes if vote & AGREED else rejected)[row["job_key"], vote >> 16] += 1
            if vote & FAST:
                fast[row["job_key"], vote >> 16] += 1
    for row in await db.fetch(statement("market/unsettled_surplus")):
        votes[row["job_key"], row["node_key"]] += 1
        fast[row["job_key"], row["node_key"]] += row["fast"]
    journal.books.ended(states[VERIFIED], states[FAILED])
    nodes = {node for _, node in votes | rejected}
    await recall_nodes(db, engine, registry, nodes - engine.state.nodes.keys())
    rows = await db.fetch(statement("market/jobs"), [job for job, _ in votes | rejected])
    now = asyncio.get_running_loop().time()
    records = {row["key"]: registry.records.get(row["key"]) or job_record(row, now) for row in rows}
    for (job, node), count in votes.items():
        journal.books.paid(records[job], engine.state.nodes[node].owner, node, count, fast[job, node])
    for (job, node), count in rejected.items():
        journal.books.rejected(records[job], node, count)
    return sum(votes.values())


async def _end_cancelled(db: asyncpg.Connection, engine: Engine, registry: Registry, claims: Claims) -> None:
    """Jobs that ended while nobody was there to give the rest back: the next flush settles and refunds them."""
    unrefunded = [row["key"] for row in await db.fetch(statement("market/unrefunded_jobs"))]
    await _load_jobs(db, claims, [key for key in unrefunded if key not in registry.records])
    for key in unrefunded:
        engine.cancel_job(registry.records[key].job)


async def _end_complete(db: asyncpg.Connection, engine: Engine, registry: Registry, claims: Claims) -> None:
    """Jobs of which nothing is left to run: no chunk of theirs is open, so nothing else would ever end them."""
    complete = [row["key"] for row in await db.fetch(statement("market/complete_jobs"))]
    await _load_jobs(db, claims, [key for key in complete if key not in registry.records])
    for key in complete:
        job = registry.records[key].job
        engine.update_job(job, job.total, job.closed)
