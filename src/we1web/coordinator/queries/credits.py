"""Balances and movements of a user's accounts, from the ledger, through row-level security; never a write."""

from uuid import UUID

import asyncpg

from we1web.coordinator.money_schemas import Balance, Earnings, Movement
from we1web.coordinator.queries import cursors
from we1web.coordinator.schemas import MAX_INT
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import user
from we1web.coordinator.storage.statements import statement

_MAX_SEQ = (1 << 31) - 1


async def earnings(services: Services, user_id: UUID, cursor: str | None, limit: int) -> Earnings:
    """What a user has, and what came and went, newest first."""
    before = cursors.decode(cursor, (MAX_INT, _MAX_SEQ))
    before = (before[0], min(before[1], _MAX_SEQ))
    async with services.database.transaction(user(user_id)) as tx:
        has = await balances(tx, user_id)
        rows = await tx.fetch(statement("credits/movements"), user_id, *before, limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    more = cursors.encode(last["transaction_id"], last["seq"]) if last else None
    return Earnings(balances=has, items=[_movement(row) for row in rows[:limit]], next_cursor=more)


async def balances(tx: asyncpg.Connection, user_id: UUID) -> list[Balance]:
    """A user's balances, one for each currency."""
    rows = await tx.fetch(statement("credits/balances"), user_id)
    return [Balance(**dict(row)) for row in rows]


def _movement(row: asyncpg.Record) -> Movement:
    return Movement(at=row["created_at"], kind=row["kind"], job=_job(row), amount_micros=row["amount"])


def _job(row: asyncpg.Record) -> UUID | None:
    """Postings about a job carry its id as the second part of their key (domain/recipes.py)."""
    if row["kind"] == "fund":
        return None
    try:
        return UUID(row["key"].split(":")[1])
    except (IndexError, ValueError):
        return None
