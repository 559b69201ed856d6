"""The tasks of a job as rows of a table, by place in the input order: any part of it costs the same. Reads only."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple
from uuid import UUID

import asyncpg

from we1web.coordinator.queries import jobs, results, shown, votes
from we1web.coordinator.schemas import TaskRow, TaskRows
from we1web.coordinator.services import Market, Services
from we1web.coordinator.storage.principal import user
from we1web.coordinator.storage.statements import statement
from we1web.domain.task import TaskState

Wanted = Literal["open", "verified", "failed", "cancelled"]
_CODES = {state: code for code, state in results.STATES.items()}


class Part(NamedTuple):
    """Which rows: `limit` of them from place `first` on, of one state or of all."""

    first: int
    limit: int
    state: Wanted | None = None


async def page(services: Services, user_id: UUID, job_id: UUID, part: Part) -> TaskRows:
    """One part of the table of one's own job. Raises Refusal (not_found)."""
    async with services.database.transaction(user(user_id)) as tx:
        job = await jobs.find(tx, job_id, user_id)
        rows = await _rows(tx, job, part)
    items = [_view(services.market, job, row) for row in rows]
    return TaskRows(job=job_id, total=job["total"], items=items, next=_next(job, part, items))


async def _rows(tx: asyncpg.Connection, job: asyncpg.Record, part: Part) -> list[asyncpg.Record]:
    key, first, limit = job["key"], part.first, part.limit
    cancelled = job["state"] == "cancelled"
    found: list[asyncpg.Record]
    match part.state:
        case None:
            found = await tx.fetch(statement("tasks/rows"), key, first, limit)
        case "verified":
            found = await tx.fetch(statement("tasks/rows_ended"), key, first, limit, _CODES[TaskState.VERIFIED])
        case "open":
            found = [] if cancelled else await tx.fetch(statement("tasks/rows_open"), key, first, limit, False)
        case _:
            code = _CODES[TaskState(part.state)]
            found = await tx.fetch(statement("tasks/rows_without_value"), key, first, limit, code)
            if cancelled and part.state == "cancelled":
                found += await tx.fetch(statement("tasks/rows_open"), key, first, limit, True)
                found = sorted(found, key=lambda row: row["index"])[:limit]
    return found


def _next(job: asyncpg.Record, part: Part, items: list[TaskRow]) -> int | None:
    """Where the table goes on; a part that is not full was the last."""
    after = items[-1].index + 1 if len(items) == part.limit else job["total"]
    return after if after < job["total"] else None


def _view(market: Market, job: asyncpg.Record, row: asyncpg.Record) -> TaskRow:
    packed: list[int] = row["votes"] or []
    agreed = sum(map(votes.agreed, packed))
    state = state_of(market, job["state"], row)
    return TaskRow(
        index=row["index"],
        id=str(row["id"]),
        state=state.value,
        votes=len(packed),
        agreed=agreed,
        cost_micros=votes.cost_micros(packed, job),
        error_bound=row["error"] if agreed else None,
        error=error_line(row["failure"]),
        disputed=row["disputed"] or state is TaskState.DISPUTED,
    )


def state_of(market: Market, job_state: str, row: Mapping[str, Any]) -> TaskState:
    """Of an ended task what its row says; of others what the market knows, unless the job was cancelled."""
    if row["state"] is not None:
        return results.STATES[row["state"]]
    if job_state == "cancelled":
        return TaskState.CANCELLED
    return TaskState(market.task_state(row["id"]) or TaskState.QUEUED)


def error_line(failure: bytes | None) -> str:
    """`ValueError: no such street`, or nothing."""
    if not failure:
        return ""
    found = shown.error_head(failure)
    return f"{found.type}: {found.message}" if found.message else found.type
