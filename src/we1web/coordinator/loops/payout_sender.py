"""Carries payouts to their rails: reserve (one transaction), ask the rail (none), record what it said (another).

At most AT_ONCE are on their way; each is recorded by itself, so that a slow answer keeps nobody waiting. It must never
hold a transaction open while a rail is asked.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import asyncpg

from we1web.coordinator.actions import payout_life
from we1web.coordinator.actions.payout_life import Answer, Unclear
from we1web.coordinator.payout_rail import Order, PayoutRail
from we1web.coordinator.rail_errors import RailRefusal, RailUnavailable
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.telemetry import logger
from we1web.domain.ledger import Actor, ActorKind
from we1web.protocol.errors import We1webError

NAME = "payout_sender"
BY = Actor(ActorKind.LOOP, NAME, "a payout was due")


class PayoutSender:
    name = NAME
    every_s = 0.5

    def __init__(self, services: Services, rails: Mapping[str, PayoutRail], at_once: int = 20):
        self._services = services
        self._rails = rails
        self._at_once = at_once
        self._reserved: list[Order] = []
        self._running: set[asyncio.Task[None]] = set()
        self._starts = True

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """Reserves as many as may be carried now; first what an earlier life of this coordinator had reserved."""
        holder, rails = self._services.instance, list(self._rails)
        if self._starts:
            await payout_life.reclaim(tx, holder, now)
        room = self._at_once - len(self._running)
        self._reserved = await payout_life.reserve(tx, rails, holder, now, room, BY) if room > 0 else []
        return len(self._reserved)

    async def committed(self) -> None:
        """Starts to carry what was reserved."""
        self._starts = False
        orders, self._reserved = self._reserved, []
        for order in orders:
            task = asyncio.create_task(self._carry(order), name=f"payout {order.id}")
            self._running.add(task)
            task.add_done_callback(self._carried)

    async def finish(self) -> None:
        """Waits for what is on its way: nothing is cut off between the rail's answer and its record."""
        while self._running:
            await asyncio.wait(self._running)

    def _carried(self, task: asyncio.Task[None]) -> None:
        was_full = len(self._running) >= self._at_once
        self._running.discard(task)
        if was_full:
            self._services.bells.ring(NAME)

    async def _carry(self, order: Order) -> None:
        try:
            answer = await self.ask(order)
            if answer is not None:
                await self.record(order, answer)
        except We1webError as error:  # its lease ends, and it is asked again
            logger.warning("a payout waits", payout=str(order.id), error=str(error))
        except Exception:
            logger.exception("a payout failed on its way", payout=str(order.id))

    async def ask(self, order: Order) -> Answer | None:
        """Step 2: what the rail says; None when the reservation is nearly over, and somebody else's."""
        now = self._services.clock.now()
        if order.until - now < payout_life.LEASE / 2:
            return None
        rail = self._rails[order.rail]
        try:
            return await (rail.take_back(order, now) if order.bounced_id else rail.send(order, now))
        except RailUnavailable as error:
            return Unclear(str(error))
        except RailRefusal as error:  # of a mere question: nothing was done
            return Unclear(f"{error.reason}: {error}")

    async def record(self, order: Order, answer: Answer) -> None:
        """Step 3, and the news of it."""
        services = self._services
        async with services.database.transaction(SERVICE) as tx:
            draw = services.clock.new_id().int
            told = await payout_life.record(tx, order.id, answer, services.clock.now(), draw, BY)
        services.metrics.payouts.labels(order.rail, type(answer).__name__.lower()).inc()
        if told is not None:
            services.market.tell(*told)
