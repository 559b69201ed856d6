"""Routes of the manual rail, for operators: export payouts as a SEPA file, confirm it, return what came back."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from we1web.coordinator.actions import payout_batches
from we1web.coordinator.http.context import AnyCaller, ServicesDep
from we1web.coordinator.http.idempotency_key import IdempotencyKey, claim_of
from we1web.coordinator.http.paging import Cursor, Limit
from we1web.coordinator.payout_schemas import (
    BatchMade,
    BatchOrder,
    BatchPage,
    BatchView,
    Confirmation,
    PayoutView,
    ReturnOrder,
)

router = APIRouter(prefix="/api/operator", tags=["operator"])
_XML: dict[str, Any] = {"application/xml": {"schema": {"type": "string", "format": "binary"}}}


@router.post("/payout-batches", response_model=BatchMade)
async def export(
    request: Request,
    services: ServicesDep,
    caller: AnyCaller,
    order: BatchOrder,
    idempotency_key: IdempotencyKey = None,
) -> object:
    """Puts the payouts that wait for a bank transfer into a new batch, at most a thousand."""
    return await payout_batches.export(services, caller, order, await claim_of(request, caller, idempotency_key))


@router.get("/payout-batches")
async def page(services: ServicesDep, caller: AnyCaller, cursor: Cursor = None, limit: Limit = 50) -> BatchPage:
    """Batches, newest first."""
    return await payout_batches.page(services, caller, cursor, limit)


@router.get("/payout-batches/{batch_id}/file", response_class=Response, responses={200: {"content": _XML}})
async def file(services: ServicesDep, caller: AnyCaller, batch_id: UUID) -> Response:
    """The ISO 20022 pain.001 file for the bank: the same bytes whenever it is asked for."""
    name, content = await payout_batches.file(services, caller, batch_id)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/xml", headers=headers)


@router.post("/payout-batches/{batch_id}/confirm")
async def confirm(services: ServicesDep, caller: AnyCaller, batch_id: UUID, order: Confirmation) -> BatchView:
    """The bank carried out the file, but for the payments it rejected: their money goes back."""
    return await payout_batches.confirm(services, caller, batch_id, order)


@router.post("/payouts/{payout_id}/return")
async def give_back(services: ServicesDep, caller: AnyCaller, payout_id: UUID, order: ReturnOrder) -> PayoutView:
    """A bank transfer came back after it had been paid."""
    return await payout_batches.give_back(services, caller, payout_id, order)
