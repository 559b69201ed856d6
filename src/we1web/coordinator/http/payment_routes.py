"""Routes of money: what an account has, and an operator's credits."""

from fastapi import APIRouter, Request

from we1web.coordinator.actions.credit_account import credit_account
from we1web.coordinator.http.context import AnyCaller, ServicesDep
from we1web.coordinator.http.idempotency_key import IdempotencyKey, claim_of
from we1web.coordinator.http.paging import Cursor, Limit
from we1web.coordinator.money_schemas import Balances, CreditOrder, Earnings
from we1web.coordinator.queries import credits

router = APIRouter(prefix="/api", tags=["payments"])


@router.get("/payments/earnings")
async def earnings(services: ServicesDep, caller: AnyCaller, cursor: Cursor = None, limit: Limit = 50) -> Earnings:
    """Balances, and what came and went, newest first."""
    return await credits.earnings(services, caller.user_id, cursor, limit)


@router.post("/operator/credits", response_model=Balances)
async def credit(
    request: Request,
    services: ServicesDep,
    caller: AnyCaller,
    order: CreditOrder,
    idempotency_key: IdempotencyKey = None,
) -> object:
    """An operator puts money into a user's wallet."""
    return await credit_account(services, caller, order, await claim_of(request, caller, idempotency_key))
