"""Routes of single tasks: create, read, outcome, cancel."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from we1web.coordinator.actions.cancel_task import cancel_task
from we1web.coordinator.actions.create_task import create_task
from we1web.coordinator.http.blob_routes import OCTETS, file_of
from we1web.coordinator.http.context import JobsCaller, ServicesDep
from we1web.coordinator.http.idempotency_key import IdempotencyKey, claim_of
from we1web.coordinator.queries import tasks, why
from we1web.coordinator.schemas import MAX_INT, Task, TaskCreated, TaskOrder, TaskWhy

router = APIRouter(prefix="/api/tasks", tags=["tasks"])

TaskId = Annotated[int, Path(ge=0, le=MAX_INT, description="Decimal digits; larger than a JavaScript number.")]


@router.post("/create", response_model=TaskCreated)
async def create(
    request: Request,
    services: ServicesDep,
    caller: JobsCaller,
    order: TaskOrder,
    idempotency_key: IdempotencyKey = None,
) -> object:
    """One task, as a job of one."""
    return await create_task(services, caller, order, await claim_of(request, caller, idempotency_key))


@router.get("/{task_id}")
async def get(services: ServicesDep, caller: JobsCaller, task_id: TaskId) -> Task:
    """One's own task: its state, its outcome and its votes when it has ended."""
    return await tasks.get(services, caller.user_id, task_id)


@router.get("/{task_id}/why")
async def why_it_waits(services: ServicesDep, caller: JobsCaller, task_id: TaskId) -> TaskWhy:
    """What one's own task waits for: votes, nodes that could give them, and when the next run should start."""
    return await why.task(services, caller.user_id, task_id)


@router.delete("/{task_id}")
async def cancel(services: ServicesDep, caller: JobsCaller, task_id: TaskId) -> Task:
    """Cancels a task that has not ended; one that has stays as it is."""
    return await cancel_task(services, caller, task_id)


@router.get("/{task_id}/outcome", response_class=Response, responses={200: {"content": OCTETS}})
async def outcome(services: ServicesDep, caller: JobsCaller, task_id: TaskId) -> Response:
    """The full bytes of an outcome (spec/protocol.md, Outcomes), also when they are a blob."""
    stored = await tasks.get_outcome(services, caller.user_id, task_id)
    if stored.blob is not None:
        return file_of(services, stored.blob)
    return Response(stored.content, media_type="application/octet-stream")
