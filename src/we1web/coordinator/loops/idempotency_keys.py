"""Forgets idempotency keys past their time: nobody repeats a request a day later."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from we1web.coordinator.storage.statements import statement


@dataclass(frozen=True)
class IdempotencyKeys:
    keep_s: float
    name: str = "idempotency_keys"
    every_s: float = 600

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Keys forgotten."""
        gone = await tx.execute(statement("clean/idempotency_keys"), now - timedelta(seconds=self.keep_s))
        return int(gone.split()[-1])

    async def committed(self) -> None:
        """Nothing to do."""
