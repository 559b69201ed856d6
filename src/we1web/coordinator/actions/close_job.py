"""Says that no further tasks will come. A job without any ends at once, and its escrow goes back."""

from uuid import UUID

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.queries import jobs
from we1web.coordinator.schemas import Job
from we1web.coordinator.services import Services
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain import recipes
from we1web.domain.ledger import Actor, ActorKind


async def close_job(services: Services, caller: Identity, job_id: UUID) -> Job:
    """The job, closed; closing one that is closed changes nothing."""
    async with services.database.transaction(SERVICE) as tx:
        job = await jobs.lock(tx, job_id, caller.user_id)
        if job["state"] != "open":
            return jobs.live_view(services.market, job)
        now = services.clock.now()
        if job["total"] == 0:
            if job["budget_micros"]:
                back = recipes.refund(job_id, caller.user_id, job["budget_micros"], job["currency"])
                await ledger.post(tx, back, Actor(ActorKind.USER, str(caller.user_id), "an empty job was closed"))
            return jobs.view(await tx.fetchrow(statement("jobs/end_empty"), job["key"], now), waiting="")
        job = await tx.fetchrow(statement("jobs/grow"), job["key"], 0, True, now)
    services.market.submitted(job["key"])
    return jobs.live_view(services.market, job)
