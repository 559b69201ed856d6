"""Reads of single tasks: ended ones from their row, open ones from their place in a chunk and the market's memory."""

from base64 import b64encode
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import msgspec

from we1web.coordinator.queries import results, shown, votes
from we1web.coordinator.refusals import Refusal, not_found
from we1web.coordinator.schemas import Preview, Task, TaskError
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE, user
from we1web.coordinator.storage.statements import statement
from we1web.domain.task import TaskState
from we1web.protocol import outcome

PLACE_MASK = (1 << 20) - 1
"""A task's id is its chunk's id << 20 | its place there."""
_arguments = msgspec.msgpack.Decoder(list[bytes])


@dataclass(frozen=True)
class StoredOutcome:
    """Where the full bytes of an outcome are: here, or in the blob of this digest."""

    content: bytes | None
    blob: bytes | None


async def get(services: Services, user_id: UUID, task_id: int) -> Task:
    """One's own task. Raises Refusal (not_found)."""
    async with services.database.transaction(user(user_id)) as tx:
        ended = await tx.fetchrow(statement("tasks/ended"), task_id, user_id)
        if ended is None:
            place = await tx.fetchrow(statement("tasks/open"), task_id, user_id)
        given = await tx.fetchrow(statement("tasks/argument"), task_id, user_id)
        disputes = [row["id"] for row in await tx.fetch(statement("disputes/of_task"), task_id)]
    if ended is None:
        view = _open_view(services, task_id, place)
    else:
        async with services.database.transaction(SERVICE) as tx:
            known = await votes.names(tx, ended["votes"])
        view = _ended_view(ended, known, disputes)
    return view.model_copy(update=await _shown(services, task_id, given, ended))


async def _shown(
    services: Services, task_id: int, given: asyncpg.Record | None, ended: asyncpg.Record | None
) -> dict[str, Preview]:
    """What the task was given and what came out, as a page can show it."""
    if given is None:
        return {}
    argument = _arguments.decode(given["body"])[task_id & PLACE_MASK]
    found = {"argument": await shown.argument(services, given["runtime"], argument)}
    if ended is not None and ended["outcome"] and results.STATES[ended["state"]] is TaskState.VERIFIED:
        found["result"] = await shown.result(services, given["runtime"], ended["outcome"])
    return found


async def get_outcome(services: Services, user_id: UUID, task_id: int) -> StoredOutcome:
    """Where one's own task's outcome is. Raises Refusal when there is none (yet)."""
    async with services.database.transaction(user(user_id)) as tx:
        row = await tx.fetchrow(statement("tasks/ended"), task_id, user_id)
        if row is None:
            place = await tx.fetchrow(statement("tasks/open"), task_id, user_id)
            raise not_found("task") if place is None else _not_ended()
    if row["outcome"] is None:
        raise Refusal("the task has no outcome", code="not_found", hint="GET /api/tasks/{id} says why")
    named = outcome.blob_of(row["outcome"])
    return StoredOutcome(None, named[0]) if named else StoredOutcome(row["outcome"], None)


def _not_ended() -> Refusal:
    return Refusal("the task has not ended", code="task_not_ended", hint="ask again later", retryable=True)


def _open_view(services: Services, task_id: int, place: asyncpg.Record | None) -> Task:
    if place is None:
        raise not_found("task")
    state = services.market.task_state(task_id) or TaskState.QUEUED
    if place["state"] == "cancelled":
        state = TaskState.CANCELLED
    return Task(id=str(task_id), job=place["job_id"], index=place["index"], state=state)


def _ended_view(row: asyncpg.Record, known: dict[int, UUID], disputes: list[int]) -> Task:
    encoded: bytes | None = row["outcome"]
    return Task(
        id=str(row["id"]),
        job=row["job_id"],
        index=row["index"],
        state=results.STATES[row["state"]],
        outcome=b64encode(encoded).decode() if encoded else None,
        error=_error(encoded),
        error_bound=results.error_bound(row),
        votes=[votes.unpack(vote, known) for vote in row["votes"]],
        cost_micros=votes.cost_micros(row["votes"], row),
        disputes=disputes,
    )


def _error(encoded: bytes | None) -> TaskError | None:
    """What an agreed error or a limit that was hit says; nothing for values, and for errors that are blobs."""
    kind = encoded[0] if encoded else None
    if encoded and kind == outcome.ERROR:
        failure = outcome.failure(encoded)
        return TaskError(type=failure.type, message=failure.message, traceback=failure.traceback)
    if encoded and kind == outcome.NONE:
        code = encoded[1:].decode("ascii", "replace")
        return TaskError(type=code, message="no node could finish this task", traceback="")
    return None
