"""Reads of jobs. A user's own, through row-level security; never a write."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg

from we1web.coordinator.queries import cursors
from we1web.coordinator.refusals import not_found
from we1web.coordinator.schemas import MAX_INT, Job, JobPage
from we1web.coordinator.services import Market, Services
from we1web.coordinator.storage.principal import user
from we1web.coordinator.storage.statements import statement
from we1web.domain.consensus import strategy_free_bound
from we1web.domain.policy import POLICIES

LIVE = frozenset({"open", "running"})
DERIVED = frozenset({"waiting", "redundancy", "expected_wrong", "worst_case_wrong"})
"""What a job shows that is no column of its row."""


async def get(services: Services, user_id: UUID, job_id: UUID) -> Job:
    """One's own job. Raises Refusal (not_found)."""
    async with services.database.transaction(user(user_id)) as tx:
        return live_view(services.market, await find(tx, job_id, user_id))


class Filter(NamedTuple):
    """Which jobs; nothing said means all of them."""

    states: Sequence[str] | None = None
    text: str | None = None
    """Somewhere in the name, in capitals or not."""
    runtime: str | None = None
    policy: str | None = None


NO_FILTER = Filter()


async def page(
    services: Services, user_id: UUID, cursor: str | None, limit: int, wanted: Filter = NO_FILTER
) -> JobPage:
    """One's own jobs, newest first."""
    (before,) = cursors.decode(cursor, (MAX_INT,))
    async with services.database.transaction(user(user_id)) as tx:
        rows = await tx.fetch(statement("jobs/page"), user_id, before, limit + 1, *wanted)
    more = cursors.encode(rows[limit - 1]["key"]) if len(rows) > limit else None
    return JobPage(items=[live_view(services.market, row) for row in rows[:limit]], next_cursor=more)


async def find(tx: asyncpg.Connection, job_id: UUID, user_id: UUID) -> asyncpg.Record:
    """The row of one's own job. Raises Refusal (not_found)."""
    return _found(await tx.fetchrow(statement("jobs/get"), job_id, user_id))


async def lock(tx: asyncpg.Connection, job_id: UUID, user_id: UUID) -> asyncpg.Record:
    """The same, locked until the transaction ends."""
    return _found(await tx.fetchrow(statement("jobs/lock"), job_id, user_id))


def live_view(market: Market, row: asyncpg.Record) -> Job:
    """A job as its requester sees it, with the market's word on why it waits."""
    return view(row, market.waiting(row["key"]) if row["state"] in LIVE else "")


def view(row: asyncpg.Record, waiting: str) -> Job:
    stored = {name: row[name] for name in Job.model_fields if name not in DERIVED}
    return Job(
        **stored,
        waiting=waiting,
        redundancy=_redundancy(row),
        expected_wrong=row["error_sum"],
        worst_case_wrong=_worst_case_wrong(row),
    )


def _worst_case_wrong(row: asyncpg.Record) -> float | None:
    """The bound that no strategy of single liars beats; never more than there are results."""
    check_rate = POLICIES[row["policy"]].check_rate
    if not check_rate:
        return None
    results = float(row["verified"] + row["failed"])
    return min(strategy_free_bound(row["single_voters"], check_rate), results)


def _redundancy(row: asyncpg.Record) -> float | None:
    ended = row["verified"] + row["failed"]
    return row["executions"] / ended if ended else None


def _found(row: asyncpg.Record | None) -> asyncpg.Record:
    if row is None:
        raise not_found("job")
    return row
