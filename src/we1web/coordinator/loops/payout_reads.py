"""Reads what banks did with transferred payouts, so that a notice that never came costs time and nothing else."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from we1web.coordinator.actions import payout_reading
from we1web.coordinator.payout_rail import PayoutRail
from we1web.coordinator.services import Services
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.telemetry import logger
from we1web.domain.ledger import Actor, ActorKind
from we1web.protocol.errors import We1webError

BY = Actor(ActorKind.LOOP, "payout_reads", "a look at the rail")
SOON = timedelta(minutes=10)
"""An account with something on its way is read so often."""
LATER = timedelta(hours=6)
"""One whose payouts are paid, for as long as a bank may still send them back."""
WATCHED = timedelta(days=14)
BATCH = 40
AT_ONCE = 4


class PayoutReads:
    name = "payout_reads"
    every_s = 20.0

    def __init__(self, services: Services, rails: Mapping[str, PayoutRail]):
        self._services = services
        self._rails = rails
        self._accounts: list[Any] = []

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Chooses the accounts to read."""
        self._accounts = await tx.fetch(
            statement("payouts/to_read"), list(self._rails), now, now - SOON, now - LATER, now - WATCHED, BATCH
        )
        return len(self._accounts)

    async def committed(self) -> None:
        """Reads them, a few at once."""
        accounts, self._accounts = self._accounts, []
        gate = asyncio.Semaphore(AT_ONCE)

        async def read(account: Any) -> None:
            async with gate:
                try:
                    await payout_reading.read_bank(
                        self._services, self._rails[account["rail"]], account["destination"], BY
                    )
                except We1webError as error:
                    logger.warning("a payout account was not read", error=str(error))

        await asyncio.gather(*(read(account) for account in accounts))
