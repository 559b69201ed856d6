"""Reads of fundings and refunds: the payer's own through row-level security, an operator's list. Never a write."""

from uuid import UUID

import asyncpg

from we1web.coordinator import fundings
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.funding_schemas import (
    Bank,
    Funding,
    FundingDetail,
    FundingPage,
    FundingRefund,
    OperatorFunding,
    OperatorFundingPage,
    WayIn,
    WaysIn,
)
from we1web.coordinator.queries import cursors
from we1web.coordinator.refusals import Refusal, not_found
from we1web.coordinator.schemas import MAX_INT
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE, user
from we1web.coordinator.storage.statements import statement
from we1web.domain import reference
from we1web.domain.currency import from_minor
from we1web.domain.funding_terms import TERMS


async def page(services: Services, caller: Identity, cursor: str | None, limit: int) -> FundingPage:
    """The caller's, newest first."""
    (before,) = cursors.decode(cursor, (MAX_INT,))
    async with services.database.transaction(user(caller.user_id)) as tx:
        rows = await tx.fetch(statement("fundings/page"), caller.user_id, before, limit + 1)
    more = cursors.encode(rows[limit - 1]["key"]) if len(rows) > limit else None
    return FundingPage(items=[view(services, row) for row in rows[:limit]], next_cursor=more)


async def get(services: Services, caller: Identity, funding_id: UUID) -> FundingDetail:
    """One of the caller's, with its refunds. Raises Refusal."""
    async with services.database.transaction(user(caller.user_id)) as tx:
        row = await tx.fetchrow(statement("fundings/get"), funding_id)
        if row is None:
            raise not_found("funding")
        refunds = await tx.fetch(statement("refunds/of_funding"), funding_id)
    shown = view(services, row).model_dump()
    return FundingDetail(**shown, refunds=[refund_view(refund, row["currency"]) for refund in refunds])


async def operator_page(
    services: Services, caller: Identity, written: str | None, cursor: str | None, limit: int
) -> OperatorFundingPage:
    """Bank transfers that wait for an operator; with a reference as somebody typed it, that one. Raises Refusal."""
    caller.require_operator()
    wanted = None if written is None else reference.read(written)
    if written is not None and wanted is None:
        raise Refusal("this is no reference of ours, or mistyped", code="bad_reference", hint="compare its 8 signs")
    (before,) = cursors.decode(cursor, (MAX_INT,))
    async with services.database.transaction(SERVICE) as tx:
        rows = await tx.fetch(statement("fundings/operator_page"), wanted, before, limit + 1)
    more = cursors.encode(rows[limit - 1]["key"]) if len(rows) > limit else None
    items = [OperatorFunding(**view(services, row).model_dump(), email=row["email"]) for row in rows[:limit]]
    return OperatorFundingPage(items=items, next_cursor=more)


def ways_in(services: Services) -> WaysIn:
    """How money can come in here, and how much at a time."""
    return WaysIn(
        ways=[
            WayIn(
                rail=rail,
                currency=code,
                least_micros=from_minor(TERMS[code].least, code),
                most_micros=from_minor(TERMS[code].most, code),
                step_micros=from_minor(TERMS[code].step, code),
            )
            for rail, codes in fundings.currencies(services).items()
            for code in codes
        ]
    )


def view(services: Services, row: asyncpg.Record) -> Funding:
    config = services.config
    bank = Bank(name=config.bank_name, iban=config.bank_iban, bic=config.bank_bic)
    open_ = row["state"] == "open"
    return Funding(
        id=row["id"],
        rail=row["rail"],
        currency=row["currency"],
        amount_micros=row["amount_micros"],
        state=row["state"],
        refunded_micros=row["refunded_micros"],
        disputed_micros=row["disputed_micros"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        ended_at=row["ended_at"],
        url=row["url"] if open_ else None,
        reference=row["reference"],
        bank=bank if open_ and row["reference"] else None,
    )


def refund_view(row: asyncpg.Record, currency: str) -> FundingRefund:
    told = ("id", "amount_micros", "state", "reason", "created_at", "ended_at")
    return FundingRefund(currency=currency, **{name: row[name] for name in told})
