"""The log of every change of state around money that is not a posting: by whom, and why. It must never be changed."""

from collections.abc import Mapping
from uuid import UUID

import asyncpg

from we1web.coordinator.storage.statements import statement
from we1web.domain.ledger import Actor


async def record(
    tx: asyncpg.Connection,
    by: Actor,
    subject: tuple[str, UUID | str],
    event: str,
    user_id: UUID | None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """`subject`: a kind ("funding", "payout") and its id. In the transaction of the change itself."""
    kind, subject_id = subject
    await tx.execute(statement("money/record"), user_id, *by, kind, str(subject_id), event, dict(detail or {}))
