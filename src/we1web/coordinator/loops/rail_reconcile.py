"""Compares what Stripe says it moved with what our ledger says, every minute, and says so when they differ.

A movement is explained by the ledger transaction of what it is about, to the last coin, or it stays open and is shown
to the operator. It must never post anything but what a movement says by itself: a rail's own charges, and the
operator's own money that came or went.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import asyncpg

from we1web.coordinator import rail_movements
from we1web.coordinator.services import Services
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.stripe_client import STRIPE, client_of
from we1web.coordinator.telemetry import logger
from we1web.domain import transfers
from we1web.domain.ledger import Actor, ActorKind, Transaction

COSTS = frozenset({"stripe_fee", "stripe_fx_fee", "tax_fee", "network_cost"})
OWN = frozenset({"payout", "payout_failure", "payout_cancel", "topup", "topup_reversal"})
"""Between our balance at Stripe and our own bank; payouts of contributors never touch it."""
PATIENCE = timedelta(minutes=5)
"""Movements and our postings of them meet within this time, or somebody should look."""
BATCH = 10_000


class RailReconcile:
    name = "rail_reconcile"
    every_s = 60.0

    def __init__(self, services: Services):
        self._services = services
        self._by = Actor(ActorKind.LOOP, self.name, "a movement of the rail itself")
        self._last: datetime | None = None
        self._due = False

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Finds where to go on. The rail is asked after the commit."""
        self._last, self._due = await tx.fetchval(statement("reconcile/last_seen"), STRIPE), True
        return 0

    async def committed(self) -> None:
        """Reads, explains, compares: the reading first, because no transaction may be open around it."""
        if not self._due:
            return
        self._due = False
        found = await rail_movements.since(client_of(self._services.rails.stripe), self._last)
        now = self._services.clock.now()
        async with self._services.database.transaction(SERVICE) as tx:
            columns = [list(column) for column in zip(*found, strict=True)] if found else [[] for _ in range(8)]
            await tx.execute(statement("reconcile/add"), STRIPE, *columns, now)
            await self._book(tx)
            await tx.fetch(statement("reconcile/explain"), STRIPE)
            checks = await tx.fetch(statement("reconcile/check"), STRIPE, now)
        self._tell(checks, now)

    async def _book(self, tx: asyncpg.Connection) -> None:
        """What a movement says by itself. The key is the movement's, so a second time nothing happens."""
        rows = await tx.fetch(statement("reconcile/unexplained"), STRIPE, BATCH)
        posted: list[Transaction] = []
        for row in rows:
            movement = (row["id"], row["net_micros"], row["currency"])
            if row["type"] in COSTS and row["net_micros"]:
                posted.append(transfers.rail_cost(STRIPE, row["id"], -row["net_micros"], row["currency"]))
            elif row["type"] in OWN and row["net_micros"]:
                posted.append(transfers.move_own(STRIPE, *movement))
        await ledger.post_many(tx, posted, self._by)

    def _tell(self, checks: Iterable[asyncpg.Record], now: datetime) -> None:
        """Metrics at once; a warning when it lasts, because a payment may be booked here a moment before or after."""
        for row in checks:
            currency, difference, unexplained, since = row
            self._services.metrics.rail_difference.labels(STRIPE, currency).set(difference)
            self._services.metrics.rail_unexplained.labels(STRIPE, currency).set(unexplained)
            if since is not None and now - since >= PATIENCE:
                logger.warning("Stripe and our books differ", **dict(row) | {"differs_since": since.isoformat()})
