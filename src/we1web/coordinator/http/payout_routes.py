"""Routes of payouts: ask for one, what it would cost, what became of it, and the plan of automatic ones."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from we1web.coordinator.actions import payout_plan
from we1web.coordinator.actions.request_payout import request_payout
from we1web.coordinator.http.context import AnyCaller, ServicesDep
from we1web.coordinator.http.idempotency_key import IdempotencyKey, claim_of
from we1web.coordinator.http.paging import Cursor, Limit
from we1web.coordinator.payout_schemas import (
    Currency,
    PayoutOrder,
    PayoutPage,
    PayoutPlan,
    PayoutPlanOrder,
    PayoutPreview,
    PayoutStory,
    PayoutView,
)
from we1web.coordinator.queries import payouts
from we1web.domain.money import MAX_MICROS

router = APIRouter(prefix="/api/payments", tags=["payments"])


@router.post("/payout", response_model=PayoutView)
async def ask(
    request: Request,
    services: ServicesDep,
    caller: AnyCaller,
    order: PayoutOrder,
    idempotency_key: IdempotencyKey = None,
) -> object:
    """Pays earnings out. The answer says that they left the earnings; where they are is told as it goes on."""
    return await request_payout(services, caller, order, await claim_of(request, caller, idempotency_key))


@router.get("/payout/preview")
async def preview(
    services: ServicesDep,
    caller: AnyCaller,
    account_id: UUID,
    currency: Annotated[Currency, Query()],
    amount_micros: Annotated[int | None, Query(ge=1, le=MAX_MICROS)] = None,
) -> PayoutPreview:
    """The fee, its share, the rate and the earliest arrival of a payout, before it is asked for."""
    return await payout_plan.preview(services, caller, account_id, currency, amount_micros)


@router.get("/payouts")
async def page(services: ServicesDep, caller: AnyCaller, cursor: Cursor = None, limit: Limit = 50) -> PayoutPage:
    """The caller's payouts, newest first."""
    return await payouts.page(services, caller.user_id, cursor, limit)


@router.get("/payouts/{payout_id}")
async def story(services: ServicesDep, caller: AnyCaller, payout_id: UUID) -> PayoutStory:
    """One payout: all that happened to it, and its transactions in the ledger."""
    return await payouts.story(services, caller.user_id, payout_id)


@router.get("/payout-plan")
async def plan(services: ServicesDep, caller: AnyCaller) -> PayoutPlan:
    """When the caller is paid without asking."""
    return await payout_plan.plan(services, caller)


@router.put("/payout-plan")
async def put_plan(services: ServicesDep, caller: AnyCaller, order: PayoutPlanOrder) -> PayoutPlan:
    """Changes that. A plan that waits tries again on its next day."""
    return await payout_plan.put_plan(services, caller, order)
