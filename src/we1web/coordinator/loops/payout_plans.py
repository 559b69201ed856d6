"""Pays contributors on the days of their plans: chooses the due ones, then each has a transaction of its own."""

from datetime import datetime
from uuid import UUID

import asyncpg

from we1web.coordinator.actions import payout_plan
from we1web.coordinator.services import Services
from we1web.coordinator.storage.statements import statement
from we1web.domain.ledger import Actor, ActorKind

NAME = "payout_plans"
BY = Actor(ActorKind.LOOP, NAME, "the day of a plan")
BATCH = 200


class PayoutPlans:
    name = NAME
    every_s = 60.0

    def __init__(self, services: Services):
        self._services = services
        self._due: list[UUID] = []
        self._now: datetime | None = None

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Chooses the plans whose day has come."""
        self._due = [row["user_id"] for row in await tx.fetch(statement("payouts/plans_due"), now.date(), BATCH)]
        self._now = now
        return len(self._due)

    async def committed(self) -> None:
        """Each takes its turn. A full batch means that there are more."""
        due, self._due = self._due, []
        assert self._now is not None
        paid = [await payout_plan.take_turn(self._services, user, self._now, BY) for user in due]
        if any(paid):
            self._services.bells.ring("payout_sender")
        if len(due) == BATCH:
            self._services.bells.ring(NAME)
