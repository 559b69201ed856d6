"""Reads connected accounts again: a lost notice then only costs time. Those that wait for something come more often."""

from datetime import datetime, timedelta

import asyncpg

from we1web.coordinator.actions.payout_accounts import refresh
from we1web.coordinator.services import Services
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.telemetry import logger
from we1web.domain.ledger import Actor, ActorKind
from we1web.protocol.errors import We1webError

BATCH = 20
WAITING = timedelta(minutes=5)
SETTLED = timedelta(days=1)
BY = Actor(ActorKind.LOOP, "payout_account_reads", "read again")


class PayoutAccountReads:
    name = "payout_account_reads"
    every_s = 30.0

    def __init__(self, services: Services):
        self._services = services
        self._due: list[asyncpg.Record] = []

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Takes those that are due; they count as read, so that one which fails waits for its next turn."""
        if self._services.rails.stripe is None:
            return 0
        self._due = await tx.fetch(statement("payout_accounts/due"), now, now - WAITING, now - SETTLED, BATCH)
        return len(self._due)

    async def committed(self) -> None:
        """Asks Stripe about each."""
        due, self._due = self._due, []
        for row in due:
            try:
                await refresh(self._services, row, BY)
            except We1webError as error:
                logger.warning("a payout account could not be read", account=str(row["id"]), error=str(error))
