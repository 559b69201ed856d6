"""Who is in a pool: join, leave, remove, change a role, hand over. Each splits the pot first, among those who were in.

Nothing is ever taken of what was credited before somebody joined or after they left.
"""

from uuid import UUID

import asyncpg

from we1web.coordinator.actions import pool_doors, pool_keys
from we1web.coordinator.actions.accounts import require_login
from we1web.coordinator.actions.create_pool import already_in_pool
from we1web.coordinator.actions.pool_pots import split_pots
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.pool_schemas import Pool
from we1web.coordinator.queries import pools
from we1web.coordinator.refusals import Refusal, not_found
from we1web.coordinator.services import Services
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain.pools import MAX_MEMBERS, REMOVAL, Right, Role, may


async def join_pool(services: Services, caller: Identity, key: str) -> Pool:
    """The pool, seen by its new member. Raises Refusal."""
    require_login(caller)
    digest, now = pool_keys.digest(key), services.clock.now()
    async with services.database.transaction(SERVICE) as tx:
        pool = digest and await tx.fetchrow(statement("pools/lock_by_key"), digest)
        if not pool:
            hint = "ask whoever gave it to you: a pool's key changes when it is renewed or somebody is removed"
            raise Refusal("no pool has this key", code="pool_key_invalid", hint=hint)
        if await tx.fetchval(statement("pools/count"), pool["id"]) >= MAX_MEMBERS:
            hint = "choose another pool"
            raise Refusal(f"a pool has at most {MAX_MEMBERS} members", code="pool_full", hint=hint)
        by = pool_doors.actor(caller, "pool: join")
        await ledger.post_many(tx, await split_pots(tx, pool, now), by)
        if await tx.fetchval(statement("pools/enter"), pool["id"], caller.user_id, Role.MEMBER, now) is None:
            raise already_in_pool()
        await pool_doors.note(tx, by, pool["id"], "joined", caller.user_id)
        return await pools.view(tx, pool, Role.MEMBER, now)


async def leave_pool(services: Services, caller: Identity, pool_id: UUID) -> None:
    """At once, with one's part of the pot. Raises Refusal."""
    now = services.clock.now()
    async with services.database.transaction(SERVICE) as tx:
        door = await pool_doors.enter(tx, caller, pool_id, Right.LEAVE, now)
        await _end(tx, door, door.member, "left")


async def remove_member(services: Services, caller: Identity, pool_id: UUID, user_id: UUID) -> None:
    """At once, with their part of the pot; the pool's key is void then, since they know it. Raises Refusal."""
    now = services.clock.now()
    async with services.database.transaction(SERVICE) as tx:
        door = await pool_doors.enter(tx, caller, pool_id, Right.REMOVE_MEMBER, now)
        member = await _member(tx, pool_id, user_id)
        right = REMOVAL.get(Role(member["role"]))
        if right is None or not may(door.role, right):
            raise pool_doors.refused(door.role, right or Right.LEAVE)
        await _end(tx, door, member, "removed")
        await tx.execute(statement("pools/set_key"), pool_id, None)


async def set_role(services: Services, caller: Identity, pool_id: UUID, user_id: UUID, role: Role) -> Pool:
    """Another member becomes manager or member, or the owner: then the caller is a manager. Raises Refusal."""
    now = services.clock.now()
    async with services.database.transaction(SERVICE) as tx:
        door = await pool_doors.enter(tx, caller, pool_id, Right.SET_ROLES, now)
        member = await _member(tx, pool_id, user_id)
        if user_id == caller.user_id:
            hint = "make another member the owner: you will be a manager then"
            raise Refusal("an owner's own role changes by handing over", code="pool_right_missing", hint=hint)
        mine = door.role
        if role is Role.OWNER:
            mine = Role.MANAGER
            await tx.execute(statement("pools/set_role"), door.member["id"], mine)
        await tx.execute(statement("pools/set_role"), member["id"], role)
        await pool_doors.note(tx, door.by, pool_id, "role", user_id, role=role)
        return await pools.view(tx, door.pool, mine, now)


async def _end(tx: asyncpg.Connection, door: pool_doors.Door, member: asyncpg.Record, event: str) -> None:
    await ledger.post_many(tx, await split_pots(tx, door.pool, door.now), door.by)
    await tx.execute(statement("pools/leave"), member["id"], door.now)
    await pool_doors.note(tx, door.by, door.pool["id"], event, member["user_id"])


async def _member(tx: asyncpg.Connection, pool_id: UUID, user_id: UUID) -> asyncpg.Record:
    member = await tx.fetchrow(statement("pools/member"), pool_id, user_id)
    if member is None:
        raise not_found("member")
    return member
