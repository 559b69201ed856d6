"""Group commit: what was received and what it settled becomes durable together, then it is acknowledged.

One flush is one transaction: the frames with votes as they came (one packed row), the tasks they settled (one appended
row each), disputes that ended, counters of the touched jobs, and, a few times a second, the money. It must never
acknowledge before the commit, and never write what is no vote: a restart replays the log and believes it.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import msgspec

from we1web.coordinator.market import columns, rows
from we1web.coordinator.market.books import Books
from we1web.coordinator.market.ledger_batch import write_money
from we1web.coordinator.market.link import Link
from we1web.coordinator.market.registry import Registry
from we1web.coordinator.storage.errors import translated
from we1web.coordinator.storage.statements import statement
from we1web.engine.effects import Dispute, Settled, Surplus
from we1web.engine.reactor import Engine
from we1web.engine.standing import Standing
from we1web.engine.state import FAILED, TASK_BITS, VERIFIED, Job

GAP_S = 0.005
"""From the start of one flush to the start of the next under load: load makes batches."""
BUSY_FRAMES = 30
SETTLE_S = 0.25
TRIM_S = 2.0
SMALL = 200
"""Up to so many ended tasks a flush is one statement; above, a COPY inside a transaction."""
_encode = msgspec.msgpack.Encoder().encode


class Batch:
    """What one flush writes, taken from the engine in one synchronous step, so that it is consistent."""

    def __init__(self, seq: int, frames: list[Any], engine: Engine, touched: set[Job]) -> None:
        self.seq = seq
        self.frames = frames
        self.settled: list[Settled] = engine.take_settled()
        self.surplus: list[Surplus] = engine.take_surplus()
        self.finished: list[Job] = engine.take_finished()
        self.changed: list[Standing] = engine.take_changed()
        self.disputes: list[Dispute] = engine.take_disputes()
        self.jobs = touched.union(s.bundle.job for s in self.settled).union(self.finished)
        # Figures are taken now, not when they are written: the engine goes on while we wait for the database.
        self.reputations = columns.reputations(self.changed)
        self.rests = {job.key: job.budget_micros - job.spent_micros for job in self.finished}
        self.counters: list[list[Any]] = []
        self.rows: list[rows.Ended] = []
        self.chunks_done: list[int] = []

    @property
    def empty(self) -> bool:
        return not (self.frames or self.jobs or self.rare)

    @property
    def rare(self) -> bool:
        """Something beside votes, ended tasks and counters."""
        return bool(self.surplus or self.finished or self.changed or self.disputes)


class Journal:
    """One writer with a connection of its own. `durable` is called after each commit with what it made durable."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        engine: Engine,
        registry: Registry,
        durable: Callable[[dict[Link, int], Batch], None],
        told: Callable[[Books], None],
    ) -> None:
        self._db = connection
        self._engine = engine
        self._registry = registry
        self._durable = durable
        self._told = told
        self.books = Books()
        self._frames: list[Any] = []
        self._acks: dict[Link, int] = {}
        self._touched: set[Job] = set()
        self._wake = asyncio.Event()
        self._busy = False
        self._writing = self._ended = self._counted = 0
        self._settled_at = self._trimmed_at = 0.0
        self.flushes = 0

    async def open(self) -> None:
        """Continues after the last flush of a predecessor."""
        self._engine.mark = await self._db.fetchval(statement("market/last_flush")) + 1

    def record(self, link: Link, frame: bytes, seq: int, fast: list[int]) -> None:
        """A frame whose votes were counted, and which of its bundles came in time for a bonus; acknowledged as `seq`
        after the next commit."""
        assert link.node is not None
        self._frames += (link.node.key, frame, fast) if fast else (link.node.key, frame)
        self._acks[link] = seq
        self._wake.set()

    def acknowledge(self, link: Link, seq: int) -> None:
        """A frame without any vote (a referee's never has one): its acknowledgement keeps its place in the order."""
        self._acks[link] = seq
        self._wake.set()

    def touch(self, job: Job) -> None:
        """The job's counters changed."""
        self._touched.add(job)

    def wake(self) -> None:
        self._wake.set()

    def backlog(self) -> int:
        """Ended tasks that are not durable yet: above a limit the disk sets the pace."""
        fresh = self._engine.state.settled[self._counted :]
        self._counted += len(fresh)
        self._ended += sum([len(settled.places) for settled in fresh])
        return self._ended + self._writing

    async def run(self) -> None:
        """Flushes as long as there is something; an idle journal answers at once, a busy one gathers."""
        loop = asyncio.get_running_loop()
        started = 0.0
        while True:
            await self._wake_or_settle(loop)
            wait_s = started + GAP_S - loop.time()
            if self._busy and wait_s > 0:
                await asyncio.sleep(wait_s)
            started = loop.time()
            await self.flush(started)

    async def _wake_or_settle(self, loop: asyncio.AbstractEventLoop) -> None:
        """Waits for work; money that waits for its turn is work too."""
        if self.books.idle:
            await self._wake.wait()
            return
        try:
            async with asyncio.timeout(max(0.0, self._settled_at + SETTLE_S - loop.time())):
                await self._wake.wait()
        except TimeoutError:
            return

    async def flush(self, now: float) -> None:
        """Writes everything gathered so far."""
        self._wake.clear()
        acks, self._acks = self._acks, {}
        batch = self._take()
        self._busy = len(batch.settled) + len(acks) > BUSY_FRAMES
        self._writing = len(batch.rows)
        settle = bool(batch.finished) or now - self._settled_at >= SETTLE_S
        if not batch.empty or (settle and not self.books.idle):
            self._enter_books(batch)
            async with translated(self._db):
                await self._write(batch, settle, now)
            self.flushes += 1
        self._writing = 0
        self._durable(acks, batch)
        if settle:
            self._told(self.books)

    def _take(self) -> Batch:
        frames, self._frames = self._frames, []
        touched, self._touched = self._touched, set()
        batch = Batch(self._engine.mark, frames, self._engine, touched)
        self._engine.mark += 1
        self._counted = self._ended = 0
        for settled in batch.settled:
            chunk = settled.bundle.id >> TASK_BITS
            batch.rows += rows.ended(settled, self._registry.first_index(settled.bundle.id))
            if self._registry.ended(chunk, len(settled.places)):
                batch.chunks_done.append(chunk)
            if len(settled.paid) == 1:
                self._registry.alone.setdefault(settled.bundle.job.key, set()).add(settled.paid[0].node.key)
        batch.counters = columns.counters(batch.jobs, self._registry.alone)
        return batch

    def _enter_books(self, batch: Batch) -> None:
        record_of = self._registry.records
        states = [row.state for row in batch.rows]
        self.books.ended(states.count(VERIFIED), states.count(FAILED))
        for settled in batch.settled:
            record, votes = record_of[settled.bundle.job.key], len(settled.places)
            for standing in settled.paid:
                fast = votes if standing in settled.fast else 0
                self.books.paid(record, standing.node.owner, standing.node.key, votes, fast)
            for standing in settled.rejected:
                self.books.rejected(record, standing.node.key, votes)
        for extra in batch.surplus:
            node = extra.standing.node
            votes = len(extra.places)
            self.books.paid(record_of[extra.bundle.job.key], node.owner, node.key, votes, votes if extra.fast else 0)

    async def _write(self, batch: Batch, settle: bool, now: float) -> None:
        money = settle and not (self.books.idle and not batch.finished)
        trim = now - self._trimmed_at >= TRIM_S
        alone = len(batch.rows) <= SMALL and not (money or trim or batch.rare)
        if alone:
            await self._write_small(batch)
            return
        low = self._low(batch.seq) if trim else 0  # now, not when it is written: the engine goes on meanwhile
        async with self._db.transaction():
            if len(batch.rows) <= SMALL:
                await self._write_small(batch)
            else:
                await self._write_large(batch)
            if batch.rare:
                await self._write_rare(batch, now)
            if money:
                await write_money(self._db, self.books, batch.seq, batch.rests, self._registry)
            if trim:
                await self._db.execute(statement("market/trim_log"), low)
        self._settled_at = now if settle else self._settled_at
        self._trimmed_at = now if trim else self._trimmed_at

    async def _write_small(self, batch: Batch) -> None:
        *fields, votes = list(zip(*batch.rows, strict=True)) or [()] * len(rows.Ended._fields)
        await self._db.execute(
            statement("market/flush_small"),
            batch.seq,
            _encode(batch.frames) if batch.frames else None,
            *fields,
            [rows.array_text(each) for each in votes],
            *batch.counters,
            batch.chunks_done,
        )

    async def _write_large(self, batch: Batch) -> None:
        if batch.frames:
            await self._db.execute(statement("market/append_log"), batch.seq, _encode(batch.frames))
        stream = rows.copy_stream(batch.rows, batch.seq)
        await self._db.copy_to_table("tasks", source=_once(stream), format="binary", columns=rows.COLUMNS)
        await self._db.execute(statement("market/count_jobs"), *batch.counters)
        if batch.chunks_done:
            await self._db.execute(statement("market/finish_chunks"), batch.chunks_done)

    async def _write_rare(self, batch: Batch, now: float) -> None:
        if batch.surplus:
            await self._db.execute(statement("market/surplus"), batch.seq, *columns.surplus(batch.surplus))
        if batch.changed:
            await self._db.execute(statement("market/remember_reputations"), *batch.reputations)
        if batch.disputes:
            ended = [columns.dispute(effect, now) for effect in batch.disputes]
            await self._db.executemany(statement("market/add_dispute"), ended)
        if batch.finished:
            await self._db.execute(statement("market/finish_jobs"), [job.key for job in batch.finished])
            await self._db.execute(statement("market/unfinished_cancelled"))

    def _low(self, seq: int) -> int:
        """Votes are needed until their task's row is committed: of open bundles, from the oldest first ballot on."""
        bundles = self._engine.state.bundles.values()
        return min((b.mark for b in bundles if b.mark >= 0 and not b.settled), default=seq)


async def _once(data: bytes) -> Any:
    yield data
