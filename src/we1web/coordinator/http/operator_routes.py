"""Routes for operators only: the state of the books."""

from fastapi import APIRouter

from we1web.coordinator.http.context import AnyCaller, ServicesDep
from we1web.coordinator.http.paging import Cursor, Limit
from we1web.coordinator.money_schemas import Books
from we1web.coordinator.payout_schemas import PayoutPage
from we1web.coordinator.queries import books, payouts

router = APIRouter(prefix="/api/operator", tags=["operator"])


@router.get("/books")
async def totals(services: ServicesDep, caller: AnyCaller) -> Books:
    """The totals of the ledger by kind of account; they sum to zero in every currency."""
    return await books.totals(services, caller)


@router.get("/payouts")
async def waiting(services: ServicesDep, caller: AnyCaller, cursor: Cursor = None, limit: Limit = 50) -> PayoutPage:
    """Payouts of everybody that have not left or must be taken back, oldest first, with why."""
    return await payouts.waiting(services, caller, cursor, limit)
