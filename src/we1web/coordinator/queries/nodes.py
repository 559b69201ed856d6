"""Reads of a user's own nodes, through row-level security; never a write."""

from uuid import UUID

import asyncpg

from we1web.coordinator.queries import cursors
from we1web.coordinator.schemas import Node, NodePage
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import user
from we1web.coordinator.storage.statements import statement


async def page(services: Services, user_id: UUID, cursor: str | None, limit: int) -> NodePage:
    """One's own nodes, oldest first."""
    (after,) = cursors.decode(cursor, (0,))
    async with services.database.transaction(user(user_id)) as tx:
        rows = await tx.fetch(statement("nodes/page"), user_id, after, limit + 1)
    more = cursors.encode(rows[limit - 1]["key"]) if len(rows) > limit else None
    return NodePage(items=[view(row) for row in rows[:limit]], next_cursor=more)


def view(row: asyncpg.Record) -> Node:
    return Node(**{name: row[name] for name in Node.model_fields})
