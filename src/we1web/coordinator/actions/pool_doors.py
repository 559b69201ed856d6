"""What every change of a pool begins with: a login, the pool locked, the caller's role in it; and its log."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from we1web.coordinator.actions.accounts import require_login
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.refusals import Refusal, not_found
from we1web.coordinator.storage import money_events
from we1web.coordinator.storage.statements import statement
from we1web.domain import pools
from we1web.domain.ledger import Actor, ActorKind
from we1web.domain.pools import Right, Role


class Door(NamedTuple):
    """A locked pool, and who wants something of it."""

    pool: asyncpg.Record
    member: asyncpg.Record
    by: Actor
    now: datetime

    @property
    def role(self) -> Role:
        return Role(self.member["role"])


async def enter(tx: asyncpg.Connection, caller: Identity, pool_id: UUID, right: Right, now: datetime) -> Door:
    """Raises Refusal: `not_found` for who is no member, `pool_right_missing`; AuthError for an API token.

    A device's token must never send its owner's earnings to a pool, so all of this needs a login.
    """
    require_login(caller)
    pool = await tx.fetchrow(statement("pools/lock"), pool_id)
    member = pool and await tx.fetchrow(statement("pools/member"), pool_id, caller.user_id)
    if pool is None or member is None:
        raise not_found("pool")
    if not pools.may(Role(member["role"]), right):
        raise refused(Role(member["role"]), right)
    return Door(pool, member, actor(caller, f"pool: {right}"), now)


def actor(caller: Identity, cause: str) -> Actor:
    return Actor(ActorKind.USER, str(caller.user_id), cause)


def refused(role: Role, right: Right) -> Refusal:
    if right is Right.LEAVE:
        hint = "hand the pool over (PUT .../members/{user}/role), or close it"
        return Refusal("an owner does not leave their pool", code="pool_right_missing", hint=hint)
    wanted = " or ".join(each for each in Role if pools.may(each, right))
    return Refusal(f"a {role} may not do this", code="pool_right_missing", hint=f"ask the {wanted}")


async def note(
    tx: asyncpg.Connection, by: Actor, pool_id: UUID, event: str, user_id: UUID | None, **detail: str | int
) -> None:
    """Writes to the log of money that `event` happened; `user_id`: whom it is about."""
    await money_events.record(tx, by, ("pool", pool_id), event, user_id, detail)
