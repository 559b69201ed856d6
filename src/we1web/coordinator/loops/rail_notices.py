"""Works through what rails told us, by reading the objects again. No transaction is open while a rail is asked."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import asyncpg

from we1web.coordinator.rail_handler import Handler, Notice, handler_of
from we1web.coordinator.rail_handlers import accounts, fundings, payouts
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.telemetry import logger
from we1web.protocol.errors import We1webError

HANDLERS: Mapping[str, Handler] = {**fundings.HANDLERS, **payouts.HANDLERS, **accounts.HANDLERS}
"""Prefix of a type → what works it through. The one place where the kinds of rail_handlers/ are registered."""
BATCH = 100
AT_ONCE = 8
MAX_ERROR = 500


class RailNotices:
    name = "rail_notices"
    every_s = 1.0

    def __init__(self, services: Services, handlers: Mapping[str, Handler] = HANDLERS):
        self._services = services
        self._handlers = handlers
        self._taken: list[Notice] = []

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Takes those that are due. The work itself comes after the commit."""
        self._taken = [Notice(**dict(row)) for row in await tx.fetch(statement("notices/take"), now, BATCH)]
        return len(self._taken)

    async def committed(self) -> None:
        """Works through what was taken, a few at once. One that fails does not keep the others waiting."""
        taken, self._taken = self._taken, []
        gate = asyncio.Semaphore(AT_ONCE)

        async def work(notice: Notice) -> None:
            async with gate:
                await self._work(notice)

        await asyncio.gather(*(work(notice) for notice in taken))

    async def _work(self, notice: Notice) -> None:
        handler = handler_of(notice.type, self._handlers)
        try:
            if handler is not None:
                await handler(self._services, notice)
        except Exception as error:
            await self._failed(notice, error)
            return
        async with self._services.database.transaction(SERVICE) as tx:
            await tx.execute(statement("notices/done"), notice.rail, notice.id, self._services.clock.now())
        self._services.metrics.notices.labels("done").inc()

    async def _failed(self, notice: Notice, error: Exception) -> None:
        expected = isinstance(error, We1webError) and error.retryable
        logger.warning(
            "a notice waits", id=notice.id, type=notice.type, error=str(error), exc_info=None if expected else error
        )
        words = f"{type(error).__name__}: {error}"[:MAX_ERROR]
        async with self._services.database.transaction(SERVICE) as tx:
            await tx.execute(statement("notices/failed"), notice.rail, notice.id, words)
        self._services.metrics.notices.labels("failed").inc()
