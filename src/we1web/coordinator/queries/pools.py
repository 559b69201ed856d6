"""Reads of pools, for their members only; amounts for the owner and managers. Never a write."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from we1web.coordinator.pool_schemas import AnnouncedTerms, MyPool, Pool, PoolMember, PoolMembers, PoolMoney
from we1web.coordinator.queries import cursors
from we1web.coordinator.refusals import not_found
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE, user
from we1web.coordinator.storage.statements import statement
from we1web.domain.pools import Right, Role, Split, Terms, may


async def mine(services: Services, user_id: UUID) -> MyPool:
    """The pool that a user is in."""
    found = await _membership(services, user_id)
    return MyPool(pool=None if found is None else await _get(services, *found))


async def get(services: Services, user_id: UUID, pool_id: UUID) -> Pool:
    """The pool that a user is in, by its id. Raises Refusal (not_found)."""
    return await _get(services, pool_id, await _role(services, user_id, pool_id))


async def members(services: Services, user_id: UUID, pool_id: UUID, cursor: str | None, limit: int) -> PoolMembers:
    """Its members in the order they joined, by public name and role. Raises Refusal."""
    await _role(services, user_id, pool_id)
    (after,) = cursors.decode(cursor, (0,))
    async with services.database.transaction(SERVICE) as tx:
        rows = await tx.fetch(statement("pools/page"), pool_id, after, limit + 1)
    more = cursors.encode(rows[limit - 1]["id"]) if len(rows) > limit else None
    items = [PoolMember(**{name: row[name] for name in PoolMember.model_fields}) for row in rows[:limit]]
    return PoolMembers(items=items, next_cursor=more)


async def view(tx: asyncpg.Connection, row: asyncpg.Record, role: Role, now: datetime) -> Pool:
    """A row of pools as somebody of this role sees it; `tx` is the service's."""
    totals = await tx.fetch(statement("pools/totals"), row["id"])
    terms, later = terms_of(row, now), announced(row, now)
    return Pool(
        id=row["id"],
        name=row["name"],
        commission_bps=terms.commission_bps,
        split=terms.split,
        announced=later and AnnouncedTerms(**later._asdict(), at=row["next_at"]),
        members=await tx.fetchval(statement("pools/count"), row["id"]),
        my_role=role,
        votes=sum(total["votes"] for total in totals),
        open=row["key_digest"] is not None,
        created_at=row["created_at"],
        money=await _money(tx, row["id"], totals) if may(role, Right.SEE_AMOUNTS) else None,
    )


def terms_of(pool: asyncpg.Record, now: datetime) -> Terms:
    """The terms in force."""
    due = pool["next_at"] is not None and pool["next_at"] <= now
    if due:
        return Terms(pool["next_commission_bps"], Split(pool["next_split"]))
    return Terms(pool["commission_bps"], Split(pool["split"]))


def announced(pool: asyncpg.Record, now: datetime) -> Terms | None:
    """The terms that wait, if any."""
    if pool["next_at"] is None or pool["next_at"] <= now:
        return None
    return Terms(pool["next_commission_bps"], Split(pool["next_split"]))


async def _money(tx: asyncpg.Connection, pool_id: UUID, totals: list[Any]) -> list[PoolMoney]:
    held = {
        kind: {row["currency"]: row["balance"] for row in await tx.fetch(statement("pools/funds"), pool_id, kind)}
        for kind in ("pool", "pot")
    }
    return [
        PoolMoney(
            currency=total["currency"],
            earned_micros=total["gross_micros"],
            commission_micros=total["commission_micros"],
            pooled_micros=total["pooled_micros"],
            treasury_micros=held["pool"].get(total["currency"], 0),
            pot_micros=held["pot"].get(total["currency"], 0),
        )
        for total in totals
    ]


async def _get(services: Services, pool_id: UUID, role: Role) -> Pool:
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("pools/get"), pool_id)
        return await view(tx, row, role, services.clock.now())


async def _role(services: Services, user_id: UUID, pool_id: UUID) -> Role:
    found = await _membership(services, user_id)
    if found is None or found[0] != pool_id:
        raise not_found("pool")
    return found[1]


async def _membership(services: Services, user_id: UUID) -> tuple[UUID, Role] | None:
    async with services.database.transaction(user(user_id)) as tx:
        row = await tx.fetchrow(statement("pools/of_user"), user_id)
    return row and (row["pool_id"], Role(row["role"]))
