"""Reads of a user's own nodes, through row-level security; never a write."""

from typing import Literal
from uuid import UUID

import asyncpg

from we1web.coordinator.queries import cursors
from we1web.coordinator.refusals import not_found
from we1web.coordinator.schemas import Node, NodePage
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import user
from we1web.coordinator.storage.statements import statement

BROWSER = "browser "
DERIVED = frozenset({"kind", "agreement"})
"""What a node shows that is no column of its row."""


async def page(services: Services, user_id: UUID, cursor: str | None, limit: int) -> NodePage:
    """One's own nodes, oldest first."""
    (after,) = cursors.decode(cursor, (0,))
    async with services.database.transaction(user(user_id)) as tx:
        rows = await tx.fetch(statement("nodes/page"), user_id, after, limit + 1)
    more = cursors.encode(rows[limit - 1]["key"]) if len(rows) > limit else None
    return NodePage(items=[view(row) for row in rows[:limit]], next_cursor=more)


async def find(tx: asyncpg.Connection, node_id: UUID, user_id: UUID) -> asyncpg.Record:
    """The row of one's own node. Raises Refusal (not_found)."""
    row = await tx.fetchrow(statement("nodes/get"), node_id, user_id)
    if row is None:
        raise not_found("node")
    return row


def view(row: asyncpg.Record) -> Node:
    stored = {name: row[name] for name in Node.model_fields if name not in DERIVED}
    judged = row["votes_paid"] + row["votes_rejected"]
    return Node(**stored, kind=_kind(row["platform"]), agreement=row["votes_paid"] / judged if judged else None)


def _kind(platform: str | None) -> Literal["browser", "native"] | None:
    """Browser nodes begin their platform so; what never connected has said nothing yet."""
    if not platform:
        return None
    return "browser" if platform.startswith(BROWSER) else "native"
