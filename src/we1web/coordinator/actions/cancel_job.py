"""Cancels a job: the row says so first, then the market withdraws its work, settles it, refunds the rest."""

from uuid import UUID

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.queries import jobs
from we1web.coordinator.schemas import Job
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement


async def cancel_job(services: Services, caller: Identity, job_id: UUID) -> Job:
    """The job as it is afterwards; cancelling one that has ended changes nothing."""
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("jobs/cancel"), job_id, caller.user_id, services.clock.now())
    if row is not None:
        await services.market.cancel_job(row["key"])
    async with services.database.transaction(SERVICE) as tx:
        return jobs.live_view(services.market, await jobs.find(tx, job_id, caller.user_id))
