"""Creates a single task: a job of one, complete at once. Answers the task's id."""

import asyncpg

from we1web.coordinator.actions.idempotency import Body, Claim
from we1web.coordinator.actions.open_job import Opened, Submission, open_job
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.schemas import TaskCreated, TaskOrder
from we1web.coordinator.services import Services
from we1web.domain.task import TaskState


async def create_task(services: Services, caller: Identity, order: TaskOrder, claim: Claim | None) -> Body:
    """The task as JSON. Raises Refusal."""

    async def answer(_tx: asyncpg.Connection, opened: Opened) -> Body:
        task = str(opened.chunk_ids[0] << 20)
        return TaskCreated(id=task, job=opened.id, state=TaskState.QUEUED).model_dump(mode="json")

    return await open_job(services, caller, Submission(order, [order.argument], True), claim, answer)
