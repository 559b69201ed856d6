"""Creates a job with its first tasks; more may follow until it is complete. Answers the job."""

import asyncpg

from we1web.coordinator.actions.idempotency import Body, Claim
from we1web.coordinator.actions.open_job import Opened, Submission, open_job
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.queries import jobs
from we1web.coordinator.schemas import JobOrder
from we1web.coordinator.services import Services


async def create_job(services: Services, caller: Identity, order: JobOrder, claim: Claim | None) -> Body:
    """The job as JSON. Raises Refusal."""

    async def answer(tx: asyncpg.Connection, opened: Opened) -> Body:
        job = await jobs.find(tx, opened.id, caller.user_id)
        return jobs.view(job, waiting="").model_dump(mode="json")

    return await open_job(services, caller, Submission(order, order.arguments, order.complete), claim, answer)
