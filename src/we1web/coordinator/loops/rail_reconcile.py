"""Compares what Stripe says it moved with what our ledger says, every minute, and says so when they differ.

A movement is explained by the ledger transaction of what it is about, to the last coin, or it stays open and is shown
to the operator. It must never post anything but what a movement says by itself: a rail's own charges, and the
operator's own money that came or went.
"""

from collections.abc import Mapping
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
        self._wrong_since: dict[str, datetime] = {}

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
            await tx.fetch(statement("reconcile/add"), STRIPE, *columns)
            await self._book(tx)
            await tx.fetch(statement("reconcile/explain"), STRIPE)
            checks = await tx.fetch(statement("reconcile/check"), STRIPE, now)
        self._tell({row["currency"]: (row["difference_micros"], row["unexplained"]) for row in checks}, now)

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

    def _tell(self, checks: Mapping[str, tuple[int, int]], now: datetime) -> None:
        """Metrics at once; a warning when it lasts, because a payment may be booked here a moment before or after."""
        for currency, (difference, unexplained) in checks.items():
            self._services.metrics.rail_difference.labels(STRIPE, currency).set(difference)
            self._services.metrics.rail_unexplained.labels(STRIPE, currency).set(unexplained)
            if not difference and not unexplained:
                self._wrong_since.pop(currency, None)
            elif now - self._wrong_since.setdefault(currency, now) >= PATIENCE:
                logger.warning(
                    "Stripe and our books differ",
                    currency=currency,
                    difference_micros=difference,
                    unexplained=unexplained,
                    since=self._wrong_since[currency].isoformat(),
                )
