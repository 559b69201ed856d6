"""Cancels jobs past their deadline: the row in the transaction, the work after it."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import asyncpg

from we1web.coordinator.storage.statements import statement


class JobDeadlines:
    name = "job_deadlines"
    every_s = 1.0

    def __init__(self, cancel_job: Callable[[int], Awaitable[None]]):
        self._cancel_job = cancel_job
        self._expired: list[int] = []

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Jobs that were cancelled."""
        self._expired = [row["key"] for row in await tx.fetch(statement("jobs/expire"), now)]
        return len(self._expired)

    async def committed(self) -> None:
        """Withdraws what is open of them, and settles."""
        while self._expired:
            await self._cancel_job(self._expired.pop())
