"""Routes of exchanging money from one currency to another, and the operator's report of all money."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from we1web.coordinator.actions import exchange_money
from we1web.coordinator.exchange_schemas import Exchange, ExchangeOrder, ExchangePairs
from we1web.coordinator.http.context import AnyCaller, JobsCaller, ServicesDep
from we1web.coordinator.http.idempotency_key import IdempotencyKey, claim_of
from we1web.coordinator.money_report_schemas import MoneyReport
from we1web.coordinator.queries import money

router = APIRouter(prefix="/api", tags=["payments"])


@router.get("/payments/exchange")
async def quote_exchange(
    services: ServicesDep, caller: AnyCaller, order: Annotated[ExchangeOrder, Query()]
) -> Exchange:
    """What would come out, and by which rate. Nothing moves."""
    return await exchange_money.quote(services, order)


@router.get("/payments/exchange/pairs")
async def exchange_pairs(services: ServicesDep, caller: AnyCaller) -> ExchangePairs:
    """From which currency to which there is a rate; none where the operator loads no rates."""
    return await exchange_money.pairs(services)


@router.post("/payments/exchange", response_model=Exchange)
async def exchange(
    request: Request,
    services: ServicesDep,
    caller: JobsCaller,
    order: ExchangeOrder,
    idempotency_key: IdempotencyKey = None,
) -> object:
    """Exchanges what is in the caller's wallet or earnings, at the newest rate."""
    claim = await claim_of(request, caller, idempotency_key)
    return await exchange_money.exchange_money(services, caller, order, claim)


@router.get("/operator/money")
async def money_report(services: ServicesDep, caller: AnyCaller) -> MoneyReport:
    """Where all the money is, how our books and the rails' compare, and what waits or is unexplained."""
    return await money.report(services, caller)
