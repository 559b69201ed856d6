"""How many verified tasks a second are credited, durably, when one requester and one fee account hold all the traffic.

The market's own writing, on the embedded PostgreSQL with fsync on: each database transaction appends a batch of ended
tasks with three votes of distinct owners, settles them in one ledger transaction (the escrow of the one job, owners'
earnings, the one fee account) and counts them by node. Folding goes on beside it. What it costs to place work and to
receive votes is not part of it (bench dispatch). After the runs the audit derives everything from the votes again.

A coordinator settles every quarter of a second, so its batches grow with the load; the fixed ones here show by how much
that matters.

usage: ./run bench settle [--json] [--batches N ...] [--seconds S] [--runs N] [--owners N]
"""

import argparse
import asyncio
import itertools
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg

from we1web.coordinator.market import columns, journal, rows
from we1web.coordinator.market.books import Books
from we1web.coordinator.market.ledger_batch import write_money
from we1web.coordinator.market.records import JobRecord, job_record
from we1web.coordinator.market.registry import Registry
from we1web.coordinator.storage import audit, ledger
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.embedded import EmbeddedPostgres
from we1web.coordinator.storage.migrate import migrate
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain import recipes
from we1web.domain.ledger import Actor, ActorKind
from we1web.engine.state import VERIFIED
from we1web.protocol import outcome

HERE = Path(__file__).parent
BATCHES = (1, 50, 200, 1000)
VOTES = 3
WEIGHT = 900
FOLD_S = 1.0
OUTCOME = outcome.value(b"0123456789abcdef")
DIGEST = outcome.digest(OUTCOME)
BY = Actor(ActorKind.LOOP, "bench", "bench")


class Ledger:
    """The journal's side of the database: who votes, and what one flush writes."""

    def __init__(self, connection: asyncpg.Connection, record: JobRecord, nodes: list[tuple[int, int]]) -> None:
        self.connection, self.record = connection, record
        self.books, self.registry = Books(), Registry()
        around = [*nodes, *nodes]
        self._panels = itertools.cycle([around[n : n + VOTES] for n in range(len(nodes))])
        self._tasks, self._flush = itertools.count(record.key << 20), itertools.count(1)

    async def settle(self, size: int) -> None:
        """One flush: so many tasks end and are credited."""
        ended, paid = [], Counter[tuple[int, int]]()
        for _ in range(size):
            task, panel = next(self._tasks), next(self._panels)
            paid.update(panel)
            votes = [node << 16 | rows.AGREED | WEIGHT for node, _ in panel]
            place = task - (self.record.key << 20)
            ended.append(rows.Ended(task, self.record.key, place, VERIFIED, 0.0, DIGEST, OUTCOME, votes))
        for (node, owner), votes in paid.items():
            self.books.paid(self.record, owner, node, votes)
        self.books.ended(size, 0)
        job = self.record.job
        job.spent_micros += size * VOTES * self.record.price_micros
        job.verified += size
        await self._write(ended)
        self.books.take_judged()

    async def _write(self, ended: list[rows.Ended]) -> None:
        flush = next(self._flush)
        counters = columns.counters([self.record.job], {})
        async with self.connection.transaction():
            if len(ended) <= journal.SMALL:
                *fields, votes = zip(*ended, strict=True)
                small = (flush, None, *fields, [rows.array_text(each) for each in votes], *counters, [])
                await self.connection.execute(statement("market/flush_small"), *small)
            else:
                stream = once(rows.copy_stream(ended, flush))
                await self.connection.copy_to_table("tasks", source=stream, format="binary", columns=rows.COLUMNS)
                await self.connection.execute(statement("market/count_jobs"), *counters)
            await write_money(self.connection, self.books, flush, {}, self.registry)


async def once(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def prepared(database: Database, connection: asyncpg.Connection) -> Ledger:
    """A job with money, as the market keeps it."""
    (found,) = await connection.fetch(statement("market/jobs"), [1])
    record = job_record(found, 0.0)
    nodes = await connection.fetch(statement("market/known_nodes"), list(range(1, 10_000)))
    async with database.transaction(SERVICE) as tx:
        fund = recipes.fund("operator:bench", record.requester_id, record.budget_micros)
        await ledger.post_many(tx, [fund, recipes.hold(record.id, record.requester_id, record.budget_micros)], BY)
    made = Ledger(connection, record, [(node["key"], node["owner_key"]) for node in nodes])
    made.registry.owners |= {node["owner_key"]: node["owner_id"] for node in nodes}
    return made


async def fold(connection: asyncpg.Connection) -> None:
    """What the coordinator does beside it."""
    while True:
        await asyncio.sleep(FOLD_S)
        await connection.fetchval(statement("ledger/fold"))


async def run(books: Ledger, size: int, seconds: float) -> float:
    """Credited tasks a second."""
    done, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < seconds:
        await books.settle(size)
        done += size
    return done / spent


async def measure(dsn: str, options: argparse.Namespace) -> dict[str, Any]:
    await migrate(dsn)
    admin = await asyncpg.connect(dsn)
    await admin.execute((HERE / "settle.sql").read_text().format(owners=options.owners))
    durable = {name: await admin.fetchval(f"show {name}") for name in ("fsync", "synchronous_commit")}
    await admin.close()
    database = await Database.open(dsn)
    connection, second = await database.connect_service(), await database.connect_service()
    books = await prepared(database, connection)
    folding = asyncio.create_task(fold(second))
    rates: dict[int, list[float]] = {size: [] for size in options.batches}
    for number in range(options.runs + 1):
        for size in options.batches:
            rate = await run(books, size, options.seconds if number else options.seconds / 4)
            if number:  # the first round warms up
                rates[size].append(rate)
                print(f"run {number}: {size:>4} tasks a transaction {rate:>9,.0f} tasks/s", file=sys.stderr)
    folding.cancel()
    await asyncio.gather(folding, return_exceptions=True)
    async with database.snapshot() as snapshot:
        looked_at = await audit.size(snapshot)
        wrong = [one async for one in audit.differences(snapshot)]
    await connection.close()
    await second.close()
    await database.close()
    return {
        "rates": {size: [round(rate) for rate in found] for size, found in rates.items()},
        "durable": set(durable.values()) == {"on"},
        "audited_tasks": looked_at.tasks,
        "difference_micros": sum(one.micros for one in wrong),
    }


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line of standard output")
    parser.add_argument("--batches", type=int, nargs="*", default=list(BATCHES), help="tasks in a ledger transaction")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--owners", type=int, default=60)
    return parser.parse_args()


def main() -> None:
    options = parse()
    folder = Path(tempfile.mkdtemp(prefix="we1web-bench-"))
    server = EmbeddedPostgres(folder)
    try:
        found = asyncio.run(measure(server.start(), options))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    medians = {size: round(statistics.median(rates)) for size, rates in found["rates"].items()}
    best = max(medians, key=lambda size: medians[size])
    figures = {
        "credited_tasks_per_s": medians[best],
        "batch": best,
        "by_batch": medians,
        "votes": VOTES,
        "owners": options.owners,
        **found,
    }
    print(json.dumps(figures) if options.json else figures)
    if found["difference_micros"] or not found["durable"]:
        sys.exit("settle: the books are wrong, or not on disk")


if __name__ == "__main__":
    main()
