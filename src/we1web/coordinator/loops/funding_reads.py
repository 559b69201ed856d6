"""Reads what became of fundings and refunds that have not ended, and sends new refunds: a lost notice costs time only.

No transaction is open while a rail is asked.
"""

from datetime import datetime
from uuid import UUID

import asyncpg

from we1web.coordinator import funding
from we1web.coordinator.actions import refund_funding
from we1web.coordinator.actions.record_funding import read_again, record
from we1web.coordinator.funding import Funding, Reading
from we1web.coordinator.services import Services
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.telemetry import logger
from we1web.domain.funding import Event
from we1web.domain.ledger import Actor, ActorKind
from we1web.protocol.errors import We1webError

BATCH = 50


class FundingReads:
    name = "funding_reads"
    every_s = 10.0

    def __init__(self, services: Services):
        self._services = services
        self._by = Actor(ActorKind.LOOP, self.name, "read again")
        self._open: list[Funding] = []

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Expires what nobody can pay any more, and finds what is to be read."""
        expired: list[UUID] = [row["id"] for row in await tx.fetch(statement("fundings/expire"), now, BATCH)]
        by = self._by._replace(cause="nobody paid in time")
        for funding_id in expired:
            await record(tx, funding_id, Reading(Event.EXPIRE), by, now)
        self._open = [funding.of_row(row) for row in await tx.fetch(statement("fundings/due"), now, BATCH)]
        return len(expired) + len(self._open)

    async def committed(self) -> None:
        while self._open:
            found = self._open.pop()
            try:
                await read_again(self._services, found, self._by)
            except We1webError as error:
                logger.warning("a funding could not be read", funding=str(found.id), error=str(error))


class FundingRefunds:
    """Sends refunds that were asked for, and reads those that are on their way."""

    name = "funding_refunds"
    every_s = 2.0

    def __init__(self, services: Services):
        self._services = services
        self._by = Actor(ActorKind.LOOP, self.name, "sent, or read again")
        self._taken: list[refund_funding.Turn] = []
        self._starts = True

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Takes those that are due; first what an earlier life of this coordinator was about to send."""
        if self._starts:
            await refund_funding.reclaim(tx, self._services.instance, now)
        self._taken = await refund_funding.take(tx, self._services.instance, now, BATCH)
        return len(self._taken)

    async def committed(self) -> None:
        self._starts = False
        while self._taken:
            turn = self._taken.pop()
            try:
                await refund_funding.go_on(self._services, turn, self._by)
            except We1webError as error:
                logger.warning("a refund waits", refund=str(turn.refund.id), error=str(error))
