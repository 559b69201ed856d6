"""Chunks become bundles: claimed from the queue, cut once, loaded into the engine while there is room.

A job whose run time is unknown gets its first chunk only, in small bundles: that is the measurement. The cut is a pure
function of the stored bundle size and the arguments, so that a restart cuts the same.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import asyncpg
import msgspec

from we1web.coordinator.market.records import LIVE_STATES, JobRecord, is_interactive, job_record
from we1web.coordinator.market.registry import Registry
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain.bundling import bundle_size
from we1web.engine.reactor import Engine
from we1web.engine.state import TASK_BITS, Job, runtime_class
from we1web.protocol.outcome import blob_of

OPEN_BUNDLES = 3_000
BUNDLES_A_CORE = 4
"""Bundles kept in memory: enough for every core online and what it prefetches, and few enough to stay in its caches
(20,000 of them cost a third more time per task)."""
HELD_BUNDLES = 20
"""So many times more bundles are kept when they only wait to become final."""
LEAST_PART = 64
"""Bundles that a job may have in memory although others fill it: who came first must not keep later jobs out."""
CHUNKS_A_CLAIM = 8
START_US = {"pyodide": 600_000}
"""CPU time of a fresh sandbox, and of compiling what it runs, by class of runtime, where it is worth counting."""
PROBE_TASKS = 4
"""Bundle size while a job's run time is unknown."""
MAX_BUNDLE_BYTES = 1 << 20
"""Arguments of one bundle; a single larger one is a bundle of its own."""
BLOB_DISCOUNT = 128
"""A blob counts for so much less than inline bytes: 128 MiB of them may travel with one bundle."""
_arguments = msgspec.msgpack.Decoder(list[bytes])


def cut(arguments: Sequence[bytes], size: int) -> Iterator[tuple[int, Sequence[bytes]]]:
    """(first place, arguments) of each bundle: at most `size` tasks and MAX_BUNDLE_BYTES."""
    start = total = 0
    for place, argument in enumerate(arguments):
        weight = _weight(argument)
        if place - start == size or (place > start and total + weight > MAX_BUNDLE_BYTES):
            yield start, arguments[start:place]
            start, total = place, 0
        total += weight
    if arguments:
        yield start, arguments[start:]


def _weight(argument: bytes) -> int:
    blob = blob_of(argument)
    return len(argument) if blob is None else blob[1] // BLOB_DISCOUNT


class Claims:
    """Keeps the engine supplied."""

    def __init__(self, database: Database, engine: Engine, registry: Registry, name: str) -> None:
        self._database = database
        self._engine = engine
        self._registry = registry
        self._name = name
        self._wake = asyncio.Event()
        self._news: dict[int, None] = {}
        self._full = False
        """The last attempt stopped for want of room."""

    def submitted(self, job_key: int) -> None:
        """Chunks of this job were stored, or its list is complete."""
        self._news[job_key] = None
        self._wake.set()

    def measured(self) -> None:
        """The first run time of a job is known: its other chunks may come."""
        self._wake.set()

    def drained(self) -> None:
        """Bundles left the engine; looks again when that made enough room to be worth it."""
        if self._full and self._in_play() < self._most() * 3 // 4:
            self._wake.set()

    def _in_play(self) -> int:
        """Open bundles. Those that are accepted and only held need no node, so a few times as many may wait."""
        state = self._engine.state
        return _weighed(len(state.bundles), state.held)

    def _most(self) -> int:
        return max(OPEN_BUNDLES, BUNDLES_A_CORE * self._engine.state.cores_online)

    async def run(self, loaded: Any) -> None:
        """Claims as long as there is room; looks again when woken, and once a second in any case.

        `loaded()` is called after bundles were added.
        """
        while True:
            self._wake.clear()
            news, self._news = self._news, {}
            for job_key in news:
                await self._welcome(job_key)
            if await self._claim_some() or news:
                loaded()
                continue
            try:
                async with asyncio.timeout(1.0):
                    await self._wake.wait()
            except TimeoutError:
                pass

    def _reading(self) -> AbstractAsyncContextManager[asyncpg.Connection]:
        """A transaction. While it waits for its answers jobs may be cancelled, end and leave."""
        self._registry.forgotten.clear()
        return self._database.transaction(SERVICE)

    async def _welcome(self, job_key: int) -> None:
        """A new or changed job: its facts are read, and its first chunk does not wait for room."""
        async with self._reading() as tx:
            await self._refresh(tx, [job_key])
            record = self._registry.records.get(job_key)
            if record is not None and not record.job.bundles:
                await self._claim(tx, self._affordable(await tx.fetch(statement("market/claimable_of_job"), job_key)))

    async def _claim_some(self) -> bool:
        """True when chunks were claimed (there may be more): of jobs below their part first, then of any while there
        is room."""
        jobs = self._engine.state.jobs.values()
        self._full = self._in_play() >= self._most()
        part = max(LEAST_PART, self._most() // max(1, len(jobs)))
        measured = {job.key for job in jobs if job.bundles and _probing(job)}
        served = {job.key for job in jobs if _weighed(len(job.bundles), len(job.held)) >= part}
        if await self._claim_some_but(measured | served):
            return True
        return not self._full and bool(served - measured) and await self._claim_some_but(measured)

    async def _claim_some_but(self, enough: set[int]) -> bool:
        async with self._reading() as tx:
            found = await tx.fetch(statement("market/claimable"), list(enough), CHUNKS_A_CLAIM)
            await self._refresh(tx, {row["job_key"] for row in found if self._is_unread(row["job_key"])})
            return await self._claim(tx, self._affordable(found))

    def _is_unread(self, job_key: int) -> bool:
        """What is known of the job may be less than what is stored: its list may be complete since, and then small."""
        record = self._registry.records.get(job_key)
        return record is None or not (record.job.closed or record.job.executions)

    def _affordable(self, found: Sequence[asyncpg.Record]) -> list[asyncpg.Record]:
        """Of a job that is not measured yet, one chunk."""
        taken: set[int] = set()
        chosen = []
        for row in found:
            record = self._registry.records.get(row["job_key"])
            if record is None or (_probing(record.job) and row["job_key"] in taken):
                continue
            taken.add(row["job_key"])
            chosen.append(row)
        return chosen

    async def _refresh(self, tx: asyncpg.Connection, keys: Any) -> None:
        """Reads jobs; those the engine knows get their new totals, others are added."""
        now = asyncio.get_running_loop().time()
        for row in await tx.fetch(statement("market/jobs"), list(keys)):
            record = self._registry.records.get(row["key"])
            if record is not None:
                if not record.job.executions:
                    record.job.interactive = is_interactive(row)
                self._engine.update_job(record.job, row["total"], row["state"] != "open")
            elif row["state"] in LIVE_STATES and row["key"] not in self._registry.forgotten:
                self.add_job(job_record(row, now))

    async def read_ended(self, tx: asyncpg.Connection, job_key: int) -> None:
        """Adds a job that is not in the engine although it has ended, so that its books can be closed."""
        now = asyncio.get_running_loop().time()
        for row in await tx.fetch(statement("market/jobs"), [job_key]):
            self.add_job(job_record(row, now))

    def add_job(self, record: JobRecord) -> None:
        self._engine.add_job(self._registry.add_job(record).job)

    async def _claim(self, tx: asyncpg.Connection, chunks: Sequence[asyncpg.Record]) -> bool:
        if not chunks:
            return False
        sizes = [self._size(self._registry.records[row["job_key"]].job, row["n"]) for row in chunks]
        await tx.execute(statement("market/claim"), self._name, [row["id"] for row in chunks], sizes)
        for row, size in zip(chunks, sizes, strict=True):
            record = self._registry.records.get(row["job_key"])
            if record is not None and not record.job.done:
                self.load(row, size)
        return True

    def _size(self, job: Job, n: int) -> int:
        if not job.task_s:
            return 1 if job.interactive else PROBE_TASKS
        start_us = START_US.get(runtime_class(job.runtime_id), 0)
        share = job.total // max(1, self._engine.state.cores_online) if job.closed else None
        return bundle_size(round(job.task_s * 1e6) or None, n, start_us, share)

    def load(self, row: Any, size: int) -> None:
        """A chunk's bundles enter the engine."""
        job = self._registry.records[row["job_key"]].job
        self._registry.add_chunk(row, 0)
        now = asyncio.get_running_loop().time()
        for place, arguments in cut(_arguments.decode(row["body"]), size):
            self._engine.add_bundle(job, (row["id"] << TASK_BITS) + place, arguments, now)

    def reload(self, row: Any, ended: dict[int, bytes]) -> None:
        """A chunk claimed before a restart; `ended` are the outcomes of its ended tasks by task id."""
        job = self._registry.records[row["job_key"]].job
        self._registry.add_chunk(row, len(ended))
        now = asyncio.get_running_loop().time()
        for place, arguments in cut(_arguments.decode(row["body"]), row["bundle_size"]):
            first = (row["id"] << TASK_BITS) + place
            known = {i: ended[first + i] for i in range(len(arguments)) if first + i in ended}
            if len(known) < len(arguments):
                self._engine.restore_bundle(self._engine.add_bundle(job, first, arguments, now), known)


def _weighed(bundles: int, held: int) -> int:
    return max(bundles - held, held // HELD_BUNDLES)


def _probing(job: Job) -> bool:
    """Its first chunk is being measured; a small job has no time for that."""
    return not job.task_s and not job.interactive
