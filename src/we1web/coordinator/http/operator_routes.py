"""Routes for operators only: the state of the books."""

from fastapi import APIRouter

from we1web.coordinator.http.context import AnyCaller, ServicesDep
from we1web.coordinator.money_schemas import Books
from we1web.coordinator.queries import books

router = APIRouter(prefix="/api/operator", tags=["operator"])


@router.get("/books")
async def totals(services: ServicesDep, caller: AnyCaller) -> Books:
    """The totals of the ledger by kind of account; they sum to zero in every currency."""
    return await books.totals(services, caller)
