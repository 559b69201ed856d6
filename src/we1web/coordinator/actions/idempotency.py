"""Idempotency keys: same key and body, same answer, in the transaction of what was done. Never in memory."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from we1web.coordinator.refusals import Refusal
from we1web.coordinator.storage.statements import statement

Body = dict[str, Any]


@dataclass(frozen=True)
class Claim:
    """One use of an Idempotency-Key: by whom, where, and with which body (its hash)."""

    user_id: UUID
    key: str
    route: str
    fingerprint: bytes


async def recall(tx: asyncpg.Connection, claim: Claim | None) -> Body | None:
    """The answer given before, if the key was used for the same thing. Raises Refusal when for another."""
    if claim is None:
        return None
    row = await tx.fetchrow(statement("idempotency/recall"), claim.user_id, claim.key)
    if row is None:
        return None
    if (row["route"], row["fingerprint"]) != (claim.route, claim.fingerprint):
        raise Refusal(
            "this Idempotency-Key was used for another request",
            code="idempotency_conflict",
            hint="use a new key for a new request; repeat the same body with the same key",
        )
    body: Body = row["body"]
    return body


async def once(
    tx: asyncpg.Connection, claim: Claim | None, now: datetime, act: Callable[[], Awaitable[Body]]
) -> tuple[Body, bool]:
    """Acts unless the key did already; answers (body, whether it was done now). A failed act leaves the key free."""
    if claim is None:
        return await act(), True
    taken = await tx.fetchval(
        statement("idempotency/claim"), claim.user_id, claim.key, claim.route, claim.fingerprint, now
    )
    if taken is None:
        return await _remembered(tx, claim), False
    body = await act()
    await tx.execute(statement("idempotency/remember"), claim.user_id, claim.key, 200, body)
    return body, True


async def _remembered(tx: asyncpg.Connection, claim: Claim) -> Body:
    body = await recall(tx, claim)
    if body is None:
        raise Refusal("the key was freed this moment", code="unavailable", hint="send it again", retryable=True)
    return body
