"""The contract of a background duty, and the one runner of all of them. A duty must never sleep or read the clock.

A duty is `run_once(tx, now)`: some work in one transaction, the same whenever it runs and however often. Several
coordinators may share a database: a lock held by the transaction lets one of them do it.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, runtime_checkable
from zlib import crc32

import asyncpg

from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.telemetry import logger
from we1web.protocol.errors import We1webError


class Loop(Protocol):
    """One duty."""

    @property
    def name(self) -> str: ...

    @property
    def every_s(self) -> float: ...

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Does what is due now; says how much it was."""

    async def committed(self) -> None:
        """Called after the commit, for what must not happen before it."""


@runtime_checkable
class Lingering(Protocol):
    """A duty that goes on after `committed`, and is waited for when the runner stops."""

    async def finish(self) -> None: ...


async def run_once(services: Services, loop: Loop) -> int:
    """One run, unless another coordinator is at it."""
    async with services.database.transaction(SERVICE) as tx:
        if not await tx.fetchval(statement("clean/only_one"), crc32(loop.name.encode())):
            return 0
        done = await loop.run_once(tx, services.clock.now())
    await loop.committed()
    return done


class Runner:
    """Runs loops at their pace until stopped. One that fails is logged and runs again when it is due."""

    def __init__(self, services: Services, loops: Iterable[Loop]):
        self._services = services
        self._loops = tuple(loops)
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._run(loop), name=f"loop {loop.name}") for loop in self._loops]

    async def stop(self) -> None:
        """Lets each finish its run."""
        self._stopping.set()
        for loop in self._loops:
            self._services.bells.ring(loop.name)
        await asyncio.gather(*self._tasks)
        await asyncio.gather(*(loop.finish() for loop in self._loops if isinstance(loop, Lingering)))

    async def _run(self, loop: Loop) -> None:
        while not self._stopping.is_set():
            end = "done"
            try:
                done = await run_once(self._services, loop)
                logger.debug("loop ran", loop=loop.name, done=done)
            except Exception as error:
                end = "failed"
                expected = isinstance(error, We1webError) and error.retryable
                logger.warning("loop failed", loop=loop.name, error=str(error), exc_info=not expected)
            self._services.metrics.loops.labels(loop.name, end).inc()
            await self._pause(loop)

    async def _pause(self, loop: Loop) -> None:
        """Until it is due again, or somebody rings its bell (stopping does)."""
        try:
            async with asyncio.timeout(loop.every_s):
                await self._services.bells.heard(loop.name)
        except TimeoutError:
            return
