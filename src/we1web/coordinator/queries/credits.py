"""Balances and movements of a user's accounts, from the ledger, through row-level security; never a write."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

import asyncpg

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.money_schemas import (
    Balance,
    Earnings,
    EarningsHour,
    EarningsSeries,
    Movement,
    Posting,
    PostingPage,
)
from we1web.coordinator.queries import cursors, earned
from we1web.coordinator.schemas import MAX_INT
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE, user
from we1web.coordinator.storage.statements import statement

_MAX_SEQ = (1 << 31) - 1
_OF_JOBS = frozenset({"hold", "settle", "refund", "compensate"})
Account = Literal["wallet", "earnings", "held"]
KINDS: dict[Account, str] = {"wallet": "wallet", "earnings": "earnings", "held": "escrow"}
"""The kinds of ledger accounts behind the three balances of a user."""


async def earnings(services: Services, caller: Identity, cursor: str | None, limit: int) -> Earnings:
    """What a user has, and what came and went, newest first."""
    user_id = caller.user_id
    before = cursors.decode(cursor, (MAX_INT, _MAX_SEQ))
    before = (before[0], min(before[1], _MAX_SEQ))
    async with services.database.transaction(user(user_id)) as tx:
        has = await balances(tx, user_id)
        rows = await tx.fetch(statement("credits/movements"), user_id, *before, limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    more = cursors.encode(last["transaction_id"], last["seq"]) if last else None
    items = [_movement(row) for row in rows[:limit]]
    totals = await earned.totals(services, caller)
    return Earnings(balances=has, totals=totals, items=items, groups=[], next_cursor=more)


async def grouped(services: Services, caller: Identity, part: earned.Part) -> Earnings:
    """What a user has, and a page of what they earned in a period, by day, job, node or currency."""
    async with services.database.transaction(user(caller.user_id)) as tx:
        has = await balances(tx, caller.user_id)
    groups, more = await earned.groups(services, caller.user_id, part)
    totals = await earned.totals(services, caller)
    return Earnings(balances=has, totals=totals, items=[], groups=groups, next_cursor=more)


async def postings(
    services: Services, user_id: UUID, account: Account, currency: str | None, cursor: str | None, limit: int
) -> PostingPage:
    """The entries behind one balance, newest first; without a currency in that of the network."""
    before = cursors.decode(cursor, (MAX_INT, _MAX_SEQ, 0))
    currency = currency or services.config.currency
    place = (before[0], min(before[1], _MAX_SEQ))
    async with services.database.transaction(user(user_id)) as tx:
        found = await tx.fetch(statement("credits/postings"), user_id, KINDS[account], currency, *place, limit + 1)
    balance = before[2] if cursor else (found[0]["balance_now"] if found else 0)
    names = await job_names(services, found)
    items = []
    for row in found[:limit]:
        items.append(_posting(row, names, balance))
        balance -= row["amount"]
    last = found[limit - 1] if len(found) > limit else None
    more = cursors.encode(last["transaction_id"], last["seq"], balance) if last else None
    return PostingPage(currency=currency, items=items, next_cursor=more)


async def series(services: Services, user_id: UUID, user_key: int, hours: int) -> EarningsSeries:
    """What a user's nodes earned, hour by hour, and what is on its way."""
    currency = services.config.currency
    async with services.database.transaction(user(user_id)) as tx:
        rows = await tx.fetch(statement("credits/hours"), user_id, hours, currency)
        today = await tx.fetchval(statement("credits/today"), user_id, currency)
        paid = [has.earnings_micros for has in await balances(tx, user_id) if has.currency == currency]
    return EarningsSeries(
        currency=currency,
        hours=[EarningsHour(**dict(row)) for row in rows],
        today_micros=today,
        pending_micros=services.market.pending_micros(user_key).get(currency, 0),
        paid_micros=sum(paid),
    )


async def job_names(services: Services, rows: Sequence[asyncpg.Record]) -> dict[UUID, str]:
    """With the service's eyes: a contributor was told the names when its nodes worked for them."""
    wanted = {job for row in rows if (job := job_of(row)) is not None}
    async with services.database.transaction(SERVICE) as tx:
        return {row["id"]: row["name"] for row in await tx.fetch(statement("jobs/names"), sorted(wanted))}


def _posting(row: asyncpg.Record, names: Mapping[UUID, str], balance: int) -> Posting:
    job = job_of(row)
    return Posting(
        transaction_id=row["transaction_id"],
        at=row["created_at"],
        kind=row["kind"],
        job=job,
        job_name=None if job is None else names.get(job),
        memo=row["meta"].get("memo", ""),
        amount_micros=row["amount"],
        balance_micros=balance,
    )


async def balances(tx: asyncpg.Connection, user_id: UUID) -> list[Balance]:
    """A user's balances, one for each currency."""
    rows = await tx.fetch(statement("credits/balances"), user_id)
    return [Balance(**dict(row)) for row in rows]


def _movement(row: asyncpg.Record) -> Movement:
    return Movement(
        transaction_id=row["transaction_id"],
        at=row["created_at"],
        kind=row["kind"],
        job=job_of(row),
        amount_micros=row["amount"],
    )


def job_of(row: Mapping[str, Any]) -> UUID | None:
    """Postings about a job carry its id as the second part of their key (domain/recipes.py)."""
    return UUID(row["key"].split(":")[1]) if row["kind"] in _OF_JOBS else None
