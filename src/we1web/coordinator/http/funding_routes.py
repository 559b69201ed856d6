"""Routes of money that comes in: fundings, refunds, and what an operator confirms."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from we1web.coordinator.actions.check_funding import check_funding
from we1web.coordinator.actions.confirm_funding import confirm_funding
from we1web.coordinator.actions.open_funding import open_funding
from we1web.coordinator.actions.refund_funding import ask_refund
from we1web.coordinator.funding_schemas import (
    Arrival,
    Funding,
    FundingDetail,
    FundingOrder,
    FundingPage,
    FundingRefund,
    OperatorFundingPage,
    RefundOrder,
    WaysIn,
)
from we1web.coordinator.http.context import AnyCaller, JobsCaller, ServicesDep
from we1web.coordinator.http.idempotency_key import IdempotencyKey, claim_of
from we1web.coordinator.http.paging import Cursor, Limit
from we1web.coordinator.queries import fundings

router = APIRouter(prefix="/api", tags=["payments"])


@router.get("/payments/rails")
async def ways(services: ServicesDep, caller: AnyCaller) -> WaysIn:
    """How money can come in, in which currencies, and how much at a time."""
    return fundings.ways_in(services)


@router.post("/payments/fundings", response_model=Funding)
async def create(
    request: Request,
    services: ServicesDep,
    caller: JobsCaller,
    order: FundingOrder,
    idempotency_key: IdempotencyKey = None,
) -> object:
    """Opens one: `url` is where to pay, or `bank` and `reference` what to write on a transfer."""
    return await open_funding(services, caller, order, await claim_of(request, caller, idempotency_key))


@router.get("/payments/fundings")
async def listing(services: ServicesDep, caller: AnyCaller, cursor: Cursor = None, limit: Limit = 50) -> FundingPage:
    """The caller's, newest first."""
    return await fundings.page(services, caller, cursor, limit)


@router.get("/payments/fundings/{funding_id}")
async def one(services: ServicesDep, caller: AnyCaller, funding_id: UUID) -> FundingDetail:
    """One of the caller's, with its refunds."""
    return await fundings.get(services, caller, funding_id)


@router.post("/payments/fundings/{funding_id}/check")
async def check(services: ServicesDep, caller: AnyCaller, funding_id: UUID) -> FundingDetail:
    """The same, read from the rail first unless that was done a few seconds ago: for a payer who comes back from it."""
    return await check_funding(services, caller, funding_id)


@router.post("/payments/fundings/{funding_id}/refund", response_model=FundingRefund)
async def refund(
    request: Request,
    services: ServicesDep,
    caller: JobsCaller,
    funding_id: UUID,
    order: RefundOrder,
    idempotency_key: IdempotencyKey = None,
) -> object:
    """Sends what is unspent back to the card it came from."""
    return await ask_refund(services, caller, funding_id, order, await claim_of(request, caller, idempotency_key))


@router.get("/operator/fundings")
async def waiting(
    services: ServicesDep,
    caller: AnyCaller,
    reference: Annotated[str | None, Query(max_length=40, description="As the payer wrote it.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> OperatorFundingPage:
    """Bank transfers that wait to be confirmed, newest first."""
    return await fundings.operator_page(services, caller, reference, cursor, limit)


@router.post("/operator/fundings/{funding_id}/confirm", response_model=Funding)
async def confirm(
    request: Request,
    services: ServicesDep,
    caller: AnyCaller,
    funding_id: UUID,
    said: Arrival,
    idempotency_key: IdempotencyKey = None,
) -> object:
    """An operator saw the money on the bank's statement: that much goes into the payer's wallet, once."""
    return await confirm_funding(services, caller, funding_id, said, await claim_of(request, caller, idempotency_key))
