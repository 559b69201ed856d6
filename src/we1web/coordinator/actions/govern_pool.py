"""What an owner does with a pool: its terms, its key, its treasury, its end. A manager may renew the key."""

from datetime import timedelta
from uuid import UUID

import asyncpg

from we1web.coordinator.actions import idempotency, pool_doors, pool_keys
from we1web.coordinator.actions.idempotency import Body, Claim
from we1web.coordinator.actions.pool_pots import split_pots
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.pool_schemas import NewKey, Pool, PoolTerms, Withdrawal, Withdrawn
from we1web.coordinator.queries import pools
from we1web.coordinator.queries.pools import announced, terms_of
from we1web.coordinator.services import Services
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain import recipes
from we1web.domain.ledger import Transaction
from we1web.domain.pools import NOTICE_S, Right, Terms, change

_NOTICE = timedelta(seconds=NOTICE_S)


async def set_terms(services: Services, caller: Identity, pool_id: UUID, order: PoolTerms) -> Pool:
    """A commission falls at once; its rise, and another split, are announced and wait a day. Raises Refusal."""
    now, wanted = services.clock.now(), Terms(order.commission_bps, order.split)
    async with services.database.transaction(SERVICE) as tx:
        door = await pool_doors.enter(tx, caller, pool_id, Right.SET_TERMS, now)
        await ledger.post_many(tx, await split_pots(tx, door.pool, now), door.by)
        in_force, later = change(terms_of(door.pool, now), wanted)
        since = door.pool["next_at"] if later and announced(door.pool, now) == later else now + _NOTICE
        waiting = (later.commission_bps, later.split.value, since) if later else (None, None, None)
        set_now = (in_force.commission_bps, in_force.split.value)
        row = await tx.fetchrow(statement("pools/set_terms"), pool_id, *set_now, *waiting)
        detail = {"commission_bps": wanted.commission_bps, "split": wanted.split.value}
        await pool_doors.note(tx, door.by, pool_id, "terms", caller.user_id, **detail)
        return await pools.view(tx, row, door.role, now)


async def renew_key(services: Services, caller: Identity, pool_id: UUID) -> NewKey:
    """A new key; the one before opens nothing any more. Raises Refusal."""
    key = pool_keys.fresh(services.auth.entropy)
    async with services.database.transaction(SERVICE) as tx:
        door = await pool_doors.enter(tx, caller, pool_id, Right.RENEW_KEY, services.clock.now())
        await tx.execute(statement("pools/set_key"), pool_id, pool_keys.digest(key))
        await pool_doors.note(tx, door.by, pool_id, "key", caller.user_id)
    return NewKey(key=key)


async def withdraw(services: Services, caller: Identity, pool_id: UUID, order: Withdrawal, claim: Claim | None) -> Body:
    """Treasury → the owner's earnings; without an amount all of it. Raises Refusal, InsufficientFunds."""

    async def act() -> Body:
        door = await pool_doors.enter(tx, caller, pool_id, Right.WITHDRAW, services.clock.now())
        currency = order.currency or services.config.currency
        held = {row["currency"]: row["balance"] for row in await tx.fetch(statement("pools/funds"), pool_id, "pool")}
        amount = held.get(currency, 0) if order.amount_micros is None else order.amount_micros
        if not 0 < amount <= held.get(currency, 0):
            raise ledger.InsufficientFunds("the treasury does not hold that much", hint="see treasury_micros")
        key = str(services.clock.new_id())
        await ledger.post(tx, recipes.withdraw(key, pool_id, caller.user_id, amount, currency), door.by)
        return Withdrawn(currency=currency, amount_micros=amount).model_dump(mode="json")

    async with services.database.transaction(SERVICE) as tx:
        body, _ = await idempotency.once(tx, claim, services.clock.now(), act)
    return body


async def close_pool(services: Services, caller: Identity, pool_id: UUID) -> None:
    """The pot to the members, the treasury to the owner, everybody free. Raises Refusal."""
    now = services.clock.now()
    async with services.database.transaction(SERVICE) as tx:
        door = await pool_doors.enter(tx, caller, pool_id, Right.CLOSE, now)
        moved = await split_pots(tx, door.pool, now)
        moved += await _treasury(tx, pool_id, caller.user_id)
        await ledger.post_many(tx, moved, door.by)
        await tx.execute(statement("pools/close"), pool_id, now)
        await pool_doors.note(tx, door.by, pool_id, "closed", caller.user_id)


async def _treasury(tx: asyncpg.Connection, pool_id: UUID, owner: UUID) -> list[Transaction]:
    held = await tx.fetch(statement("pools/funds"), pool_id, "pool")
    return [recipes.withdraw(f"close:{pool_id}", pool_id, owner, row["balance"], row["currency"]) for row in held]
