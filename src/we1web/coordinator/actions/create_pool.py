"""Founds a pool: its founder owns it and is its first member."""

from we1web.coordinator.actions import pool_doors, pool_keys
from we1web.coordinator.actions.accounts import require_login
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.pool_schemas import NewPool, PoolOrder
from we1web.coordinator.queries import pools
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain.pools import Role


async def create_pool(services: Services, caller: Identity, order: PoolOrder) -> NewPool:
    """The pool, and the key to join it, which is never shown again. Raises Refusal."""
    require_login(caller)
    now, key = services.clock.now(), pool_keys.fresh(services.auth.entropy)
    digest = pool_keys.digest(key)
    async with services.database.transaction(SERVICE) as tx:
        terms = (order.commission_bps, order.split.value)
        row = await tx.fetchrow(statement("pools/create"), order.name, *terms, digest, now)
        if row is None:
            raise Refusal("a pool has this name already", code="pool_name_taken", hint="choose another")
        if await tx.fetchval(statement("pools/enter"), row["id"], caller.user_id, Role.OWNER, now) is None:
            raise already_in_pool()
        by = pool_doors.actor(caller, "pool: create")
        await pool_doors.note(tx, by, row["id"], "created", caller.user_id, commission_bps=terms[0], split=terms[1])
        return NewPool(pool=await pools.view(tx, row, Role.OWNER, now), key=key)


def already_in_pool() -> Refusal:
    hint = "leave it first: GET /api/pools/mine"
    return Refusal("you are in a pool already", code="already_in_pool", hint=hint)
