"""Splits the pots of pools every hour, and writes down announced terms that have come into force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from we1web.coordinator.actions.pool_pots import split_pots
from we1web.coordinator.queries.pools import announced, terms_of
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.statements import statement
from we1web.domain.ledger import Actor, ActorKind, Transaction
from we1web.domain.pools import MAX_MEMBERS

HOUR = timedelta(hours=1)
AT_ONCE = 20
_BY = Actor(ActorKind.LOOP, "pool_pots", "every hour")


@dataclass(frozen=True)
class PoolPots:
    name: str = "pool_pots"
    every_s: float = 10

    async def run_once(self, tx: asyncpg.Connection, now: datetime) -> int:
        """How many pots were split. Settlements wait for these pools meanwhile, so it takes a few at a time."""
        moved: list[Transaction] = []
        for pool_id in sorted(few(await tx.fetch(statement("pools/due"), now - HOUR, now, AT_ONCE))):
            pool = await tx.fetchrow(statement("pools/lock"), pool_id)
            if pool is not None:
                moved += await split_pots(tx, pool, now)
                if pool["next_at"] is not None and announced(pool, now) is None:
                    terms = terms_of(pool, now)
                    await tx.execute(statement("pools/set_terms"), pool_id, *terms, None, None, None)
        await ledger.post_many(tx, moved, _BY)
        return len(moved)

    async def committed(self) -> None:
        """Nothing to do."""


def few(due: Sequence[asyncpg.Record]) -> list[UUID]:
    """The first of them that have no more members together than one pool may have."""
    taken: list[UUID] = []
    members = 0
    for row in due:
        members += row["members"]
        if taken and members > MAX_MEMBERS:
            break
        taken.append(row["id"])
    return taken
