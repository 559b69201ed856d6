"""What a contributor earned, grouped, and where it is now. From the ledger, through row-level security, read only."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, NamedTuple
from uuid import UUID

import asyncpg

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.money_schemas import EarningsGroup, EarningsTotal
from we1web.coordinator.queries import cursors
from we1web.coordinator.queries.period import Period
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE, user
from we1web.coordinator.storage.statements import statement

By = Literal["day", "job", "node", "currency"]
OTHERWISE = ("compensate", "distribute", "withdraw")
"""Kinds of transactions by which earnings come that no node is counted for: contests, a pool's pot and treasury."""
EARNED = ("settle", *OTHERWISE)
"""All by which earnings come. However they are grouped, all groups sum to the same."""
MAX_GROUPS = 1 << 31


class Part(NamedTuple):
    """Which groups."""

    by: By
    period: Period
    cursor: str | None
    limit: int


async def groups(services: Services, user_id: UUID, part: Part) -> tuple[list[EarningsGroup], str | None]:
    """One page of them, and where it goes on. Raises Refusal."""
    (skipped,) = cursors.decode(part.cursor, (0,))
    skipped = min(skipped, MAX_GROUPS)
    kinds = list(OTHERWISE if part.by == "node" else EARNED)
    asked = (user_id, *part.period.bounds, skipped, part.limit + 1, kinds)
    async with services.database.transaction(user(user_id)) as tx:
        rows = await tx.fetch(statement(f"credits/earned_by_{part.by}"), *asked)
    names = await _names(services, rows) if part.by == "job" else {}
    more = cursors.encode(skipped + part.limit) if len(rows) > part.limit else None
    return [_group(part.by, row, names) for row in rows[: part.limit]], more


async def totals(services: Services, caller: Identity) -> list[EarningsTotal]:
    """By currency: on its way to being earned, on its way to the person, there, and paid."""
    pending = services.market.pending_micros(caller.user_key)
    async with services.database.transaction(user(caller.user_id)) as tx:
        rows = await tx.fetch(statement("credits/earnings_totals"), caller.user_id)
    found = {row["currency"]: EarningsTotal(pending_micros=0, **dict(row)) for row in rows}
    for currency, micros in pending.items():
        nothing = EarningsTotal(currency=currency, pending_micros=0, held_micros=0, available_micros=0, paid_micros=0)
        found.setdefault(currency, nothing).pending_micros = micros
    return [found[currency] for currency in sorted(found)]


async def _names(services: Services, rows: list[asyncpg.Record]) -> dict[UUID, str]:
    async with services.database.transaction(SERVICE) as tx:
        found = await tx.fetch(statement("jobs/names"), [row["job"] for row in rows if row["job"] is not None])
    return {row["id"]: row["name"] for row in found}


def _group(by: By, row: Mapping[str, Any], names: Mapping[UUID, str]) -> EarningsGroup:
    day: date | None = row["at"].date() if by == "day" else None
    job = row["job"] if by == "job" else None
    return EarningsGroup(
        currency=row["currency"],
        earned_micros=row["earned_micros"],
        day=day,
        job=job,
        job_name=None if job is None else names.get(job),
        node=row["node"] if by == "node" else None,
        node_name=row["name"] if by == "node" else None,
        votes_paid=row["votes_paid"] if by == "node" else None,
        last_at=row["at"],
    )
