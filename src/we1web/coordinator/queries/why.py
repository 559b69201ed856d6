"""Why a task, a job or a node waits: asked of the market by whoever it belongs to. It must tell nobody of other jobs.

What the market does not know has ended, waits behind other work, or was not seen since the start.
"""

from collections import Counter
from uuid import UUID

from we1web.coordinator.queries import jobs, nodes
from we1web.coordinator.queries.results import STATES
from we1web.coordinator.refusals import not_found
from we1web.coordinator.schemas import JobWhy, NodeWhy, TaskWhy
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import user
from we1web.coordinator.storage.statements import statement
from we1web.domain.task import TaskState
from we1web.engine.explain import JOB_REASONS, NODE_REASONS, JobAnswer

ENDED, QUEUED, OFFLINE, RETIRED = "ended", "queued", "offline", "retired"


async def task(services: Services, user_id: UUID, task_id: int) -> TaskWhy:
    """One's own task. Raises Refusal (not_found)."""
    async with services.database.transaction(user(user_id)) as tx:
        ended = await tx.fetchrow(statement("tasks/ended"), task_id, user_id)
        place = None if ended else await tx.fetchrow(statement("tasks/open"), task_id, user_id)
    if ended is not None:
        state = STATES[ended["state"]]
        return TaskWhy(code=ENDED, words=f"it ended: {state}", state=state)
    if place is None:
        raise not_found("task")
    if place["state"] not in jobs.LIVE:
        return TaskWhy(code=ENDED, words=f"its job is {place['state']}", state=TaskState.CANCELLED)
    answer = services.market.why_task(task_id)
    if answer is None or answer.job is None or answer.state is None:
        about = _job(services, place["job_key"])
        return TaskWhy(code=QUEUED, words=JOB_REASONS[QUEUED], state=TaskState.QUEUED, job=about)
    return TaskWhy(
        code=answer.code,
        words=answer.words,
        state=answer.state,
        votes=answer.votes,
        needed=answer.needed,
        running=answer.running,
        late=answer.late,
        starts_in_s=answer.start_s,
        job=_view(answer.job),
    )


async def job(services: Services, user_id: UUID, job_id: UUID) -> JobWhy:
    """One's own job. Raises Refusal (not_found)."""
    async with services.database.transaction(user(user_id)) as tx:
        row = await jobs.find(tx, job_id, user_id)
    if row["state"] not in jobs.LIVE:
        return JobWhy(code=ENDED, words=f"it is {row['state']}")
    return _job(services, row["key"])


async def node(services: Services, user_id: UUID, node_id: UUID) -> NodeWhy:
    """One's own node. Raises Refusal (not_found)."""
    async with services.database.transaction(user(user_id)) as tx:
        row = await nodes.find(tx, node_id, user_id)
    if row["status"] == RETIRED:
        return NodeWhy(code=RETIRED, words="its owner retired it")
    answer = services.market.why_node(row["key"])
    if answer is None:
        return NodeWhy(code=OFFLINE, words=NODE_REASONS[OFFLINE])
    reasons = Counter(reason for _, reason in answer.jobs)
    return NodeWhy(code=answer.code, words=answer.words, held=answer.held, window=answer.window, jobs=dict(reasons))


def _job(services: Services, job_key: int) -> JobWhy:
    answer = services.market.why_job(job_key)
    return JobWhy(code=QUEUED, words=JOB_REASONS[QUEUED]) if answer is None else _view(answer)


def _view(answer: JobAnswer) -> JobWhy:
    return JobWhy(
        code=answer.code,
        words=answer.words,
        runtime_id=answer.runtime_id,
        online=answer.online,
        excluded={exclusion.code: exclusion.nodes for exclusion in answer.excluded},
        remain=answer.remain,
        owners=answer.owners,
        free=answer.free,
        running=answer.running,
        ready=answer.ready,
        quorum=answer.quorum,
        starts_in_s=answer.start_s,
    )
