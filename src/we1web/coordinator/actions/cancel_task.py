"""Cancels one task that has not ended. What ended stays as it is."""

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.queries import tasks
from we1web.coordinator.schemas import Task
from we1web.coordinator.services import Services
from we1web.domain.task import TaskState


async def cancel_task(services: Services, caller: Identity, task_id: int) -> Task:
    """The task as it is afterwards."""
    task = await tasks.get(services, caller.user_id, task_id)
    if task.state in ENDED or not await services.market.cancel_task(task_id):
        return task
    return task.model_copy(update={"state": TaskState.CANCELLED})


ENDED = frozenset({TaskState.VERIFIED, TaskState.FAILED, TaskState.CANCELLED})
