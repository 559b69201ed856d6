"""Results of a job, a page at a time, in the order of agreement: stable, so a reader can come back. Reads only."""

from collections.abc import Mapping
from uuid import UUID

import asyncpg
import msgspec

from we1web.coordinator.queries import cursors, jobs, votes
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE, user
from we1web.coordinator.storage.statements import statement
from we1web.domain.task import TaskState

PAGE_BYTES = 8 << 20
STATES = {1: TaskState.VERIFIED, 2: TaskState.FAILED, 3: TaskState.CANCELLED}
"""The tasks table's column `state`."""


class ResultVote(msgspec.Struct):
    node: str | None
    agreed: bool
    weight: float
    fast: bool


class Result(msgspec.Struct):
    """One ended task; bytes become base64 in JSON."""

    task: str
    index: int
    state: str
    outcome: bytes | None
    error_bound: float | None
    votes: list[ResultVote]


class Results(msgspec.Struct):
    items: list[Result]
    next_cursor: str | None


async def page(services: Services, user_id: UUID, job_id: UUID, cursor: str | None, limit: int) -> Results:
    """The results after `cursor`. While the job lives a page may be empty and have a cursor: ask again later."""
    flush, task = cursors.decode(cursor, (0, 0))
    async with services.database.transaction(user(user_id)) as tx:
        job = await jobs.find(tx, job_id, user_id)
        rows = await tx.fetch(statement("jobs/results"), job["key"], flush, task, limit, PAGE_BYTES)
    async with services.database.transaction(SERVICE) as tx:
        known = await votes.names(tx, (vote for row in rows for vote in row["votes"]))
    items = [_result(row, known) for row in rows]
    if rows:
        return Results(items, cursors.encode(rows[-1]["flush"], rows[-1]["id"]))
    return Results(items, cursor if job["state"] in jobs.LIVE else None)


def error_bound(row: asyncpg.Record) -> float | None:
    """What was stated about an accepted outcome; None when none was accepted, or nothing was stated."""
    accepted = any(votes.agreed(vote) for vote in row["votes"])
    return row["error"] if accepted else None


def _result(row: asyncpg.Record, known: Mapping[int, UUID]) -> Result:
    unpacked = [votes.unpack(vote, known) for vote in row["votes"]]
    return Result(
        task=str(row["id"]),
        index=row["index"],
        state=STATES[row["state"]],
        outcome=row["outcome"],
        error_bound=error_bound(row),
        votes=[ResultVote(_text(vote.node), vote.agreed, vote.weight, vote.fast) for vote in unpacked],
    )


def _text(node: UUID | None) -> str | None:
    return None if node is None else str(node)
