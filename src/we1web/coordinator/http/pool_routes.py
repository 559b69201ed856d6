"""Routes of pools: found, join, look, leave, govern. Each calls one action or one query."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from we1web.coordinator.actions import govern_pool, pool_membership
from we1web.coordinator.actions.create_pool import create_pool
from we1web.coordinator.http.context import AnyCaller, ServicesDep
from we1web.coordinator.http.idempotency_key import IdempotencyKey, claim_of
from we1web.coordinator.http.paging import Cursor, Limit
from we1web.coordinator.pool_schemas import (
    JoinOrder,
    MyPool,
    NewKey,
    NewPool,
    Pool,
    PoolMembers,
    PoolOrder,
    PoolTerms,
    RoleOrder,
    Withdrawal,
    Withdrawn,
)
from we1web.coordinator.queries import pools

router = APIRouter(prefix="/api/pools", tags=["pools"])


@router.post("", status_code=201)
async def create(services: ServicesDep, caller: AnyCaller, order: PoolOrder) -> NewPool:
    """Founds a pool that the caller owns. The key to join it is shown this once."""
    return await create_pool(services, caller, order)


@router.post("/join")
async def join(services: ServicesDep, caller: AnyCaller, order: JoinOrder) -> Pool:
    """Joins the pool of this key: from now on what the caller's votes earn is shared by its terms."""
    return await pool_membership.join_pool(services, caller, order.key)


@router.get("/mine")
async def mine(services: ServicesDep, caller: AnyCaller) -> MyPool:
    """The pool that the caller is in."""
    return await pools.mine(services, caller.user_id)


@router.get("/{pool_id}")
async def get(services: ServicesDep, caller: AnyCaller, pool_id: UUID) -> Pool:
    """The caller's pool: terms, what its members' votes came to, and for its owner and managers the amounts."""
    return await pools.get(services, caller.user_id, pool_id)


@router.get("/{pool_id}/members")
async def members(
    services: ServicesDep, caller: AnyCaller, pool_id: UUID, cursor: Cursor = None, limit: Limit = 50
) -> PoolMembers:
    """Public names and roles, in the order they joined."""
    return await pools.members(services, caller.user_id, pool_id, cursor, limit)


@router.post("/{pool_id}/leave", status_code=204)
async def leave(services: ServicesDep, caller: AnyCaller, pool_id: UUID) -> Response:
    """Leaves at once, with one's part of the pot. An owner hands over or closes instead."""
    await pool_membership.leave_pool(services, caller, pool_id)
    return Response(status_code=204)


@router.post("/{pool_id}/key")
async def renew_key(services: ServicesDep, caller: AnyCaller, pool_id: UUID) -> NewKey:
    """A new key to join with; the old one is void."""
    return await govern_pool.renew_key(services, caller, pool_id)


@router.put("/{pool_id}/members/{user_id}/role")
async def set_role(services: ServicesDep, caller: AnyCaller, pool_id: UUID, user_id: UUID, order: RoleOrder) -> Pool:
    """Makes a member a manager, a manager a member, or either the owner."""
    return await pool_membership.set_role(services, caller, pool_id, user_id, order.role)


@router.delete("/{pool_id}/members/{user_id}", status_code=204)
async def remove(services: ServicesDep, caller: AnyCaller, pool_id: UUID, user_id: UUID) -> Response:
    """Removes a member, with their part of the pot. The key is void then: they know it."""
    await pool_membership.remove_member(services, caller, pool_id, user_id)
    return Response(status_code=204)


@router.put("/{pool_id}/terms")
async def set_terms(services: ServicesDep, caller: AnyCaller, pool_id: UUID, order: PoolTerms) -> Pool:
    """A commission falls at once; its rise, or another split, is announced and in force after 24 hours."""
    return await govern_pool.set_terms(services, caller, pool_id, order)


@router.post("/{pool_id}/withdraw", response_model=Withdrawn)
async def withdraw(
    request: Request,
    services: ServicesDep,
    caller: AnyCaller,
    pool_id: UUID,
    order: Withdrawal,
    idempotency_key: IdempotencyKey = None,
) -> object:
    """Moves money from the treasury to the owner's earnings."""
    claim = await claim_of(request, caller, idempotency_key)
    return await govern_pool.withdraw(services, caller, pool_id, order, claim)


@router.post("/{pool_id}/close", status_code=204)
async def close(services: ServicesDep, caller: AnyCaller, pool_id: UUID) -> Response:
    """Ends the pool: the pot goes to its members, the treasury to its owner."""
    await govern_pool.close_pool(services, caller, pool_id)
    return Response(status_code=204)
