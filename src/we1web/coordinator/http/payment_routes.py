"""Routes of money: what an account has, and an operator's credits."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from we1web.coordinator.actions.credit_account import credit_account
from we1web.coordinator.http.context import AnyCaller, ServicesDep
from we1web.coordinator.http.idempotency_key import IdempotencyKey, claim_of
from we1web.coordinator.http.paging import Cursor, Limit
from we1web.coordinator.money_schemas import Balances, CreditOrder, Earnings, EarningsSeries, PostingPage
from we1web.coordinator.queries import credits, statements, traces
from we1web.coordinator.queries.credits import Account
from we1web.coordinator.queries.earned import By, Part
from we1web.coordinator.queries.period import newest, period
from we1web.coordinator.queries.statements import Account as StatementAccount
from we1web.coordinator.queries.statements import Form, Wanted
from we1web.coordinator.schemas import MAX_INT
from we1web.coordinator.trace_schemas import Trace

router = APIRouter(prefix="/api", tags=["payments"])
MAX_HOURS = 31 * 24
MEDIA_TYPES: dict[Form, str] = {"csv": "text/csv", "pdf": "application/pdf"}
Month = Annotated[str | None, Query(pattern="^20[0-9]{2}-(0[1-9]|1[0-2])$", description="Such as 2026-01.")]
FirstDay = Annotated[date | None, Query(description="The first day, with `last` instead of a month.")]
LastDay = Annotated[date | None, Query(description="The last day; it belongs to the period.")]


@router.get("/payments/earnings")
async def earnings(
    services: ServicesDep,
    caller: AnyCaller,
    by: Annotated[By | None, Query(description="Groups what was earned; without it single movements.")] = None,
    month: Month = None,
    first: FirstDay = None,
    last: LastDay = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Earnings:
    """Balances, where a contributor's money is, and what came and went, newest first; or what was earned, grouped.

    Groups are of a month or of the days from `first` to `last` (UTC); without either, of the last 366 days.
    """
    if by is None:
        return await credits.earnings(services, caller, cursor, limit)
    days = (
        newest(services.clock.now()) if month is None and first is None and last is None else period(month, first, last)
    )
    return await credits.grouped(services, caller, Part(by, days, cursor, limit))


@router.get(
    "/payments/statement",
    response_class=Response,
    responses={200: {"content": {kind: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()}}},
)
async def statement(
    request: Request,
    services: ServicesDep,
    caller: AnyCaller,
    account: StatementAccount,
    currency: Annotated[str | None, Query(pattern="^[a-z]{3}$", description="Without it: the network's.")] = None,
    month: Month = None,
    first: FirstDay = None,
    last: LastDay = None,
    form: Annotated[
        Form | None, Query(alias="format", description="Without it: what Accept asks for, else CSV.")
    ] = None,
) -> Response:
    """A statement of account of a month, or of the days from `first` to `last` (UTC), as a CSV or PDF file.

    Its figures are the ledger's: opening balance, every entry, closing balance. At most 366 days and 100,000 entries
    (10,000 in a PDF).
    """
    form = form or ("pdf" if MEDIA_TYPES["pdf"] in request.headers.get("accept", "") else "csv")
    wanted = Wanted(account, currency or services.config.currency, period(month, first, last), form)
    file = await statements.paper(services, caller.user_id, wanted)
    name = f"{account}-{wanted.currency}-{wanted.period.first}-{wanted.period.last}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(file, media_type=MEDIA_TYPES[form], headers=headers)


@router.get("/payments/postings")
async def postings(
    services: ServicesDep,
    caller: AnyCaller,
    account: Account,
    currency: Annotated[str | None, Query(pattern="^[a-z]{3}$", description="Without it: the network's.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> PostingPage:
    """The ledger's entries behind one of the caller's balances, newest first, each with what was there after it."""
    return await credits.postings(services, caller.user_id, account, currency, cursor, limit)


@router.get("/payments/postings/{transaction_id}")
async def trace(
    services: ServicesDep,
    caller: AnyCaller,
    transaction_id: Annotated[int, Path(ge=1, le=MAX_INT)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Trace:
    """One ledger transaction that the caller takes part in: its entries, who made it, why, and what is behind it.

    Behind a settlement are votes: a contributor sees their own, a requester all of their job's, page by page; together
    they come to the caller's entry exactly. Behind a payout, a payment or a refund is its row.
    """
    return await traces.trace(services, caller.user_id, transaction_id, cursor, limit)


@router.get("/payments/earnings/series")
async def series(
    services: ServicesDep, caller: AnyCaller, hours: Annotated[int, Query(ge=1, le=MAX_HOURS)] = 24
) -> EarningsSeries:
    """What the caller's nodes earned in each of the last hours (of UTC, the present one last), and three sums.

    `today_micros` was credited since midnight UTC. `pending_micros` is what votes would earn that nobody has decided
    yet: their tasks want more votes, or a result is held back because it might still be taken back. `paid_micros` is
    what was credited and is there: the balance of the earnings account.
    """
    return await credits.series(services, caller.user_id, caller.user_key, hours)


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
