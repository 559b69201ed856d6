"""Routes of jobs: estimate, create, add tasks, close, read, results, cancel. Each calls one action or one query."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from we1web.coordinator.actions.add_tasks import add_tasks
from we1web.coordinator.actions.cancel_job import cancel_job
from we1web.coordinator.actions.close_job import close_job
from we1web.coordinator.actions.create_job import create_job
from we1web.coordinator.actions.job_plan import check_price, quorum_of
from we1web.coordinator.http import submissions
from we1web.coordinator.http.context import JobsCaller, ServicesDep
from we1web.coordinator.http.idempotency_key import IdempotencyKey, claim_of
from we1web.coordinator.http.paging import Cursor, Limit
from we1web.coordinator.queries import jobs, results, why
from we1web.coordinator.schemas import Added, Estimate, EstimateRequest, Job, JobOrder, JobPage, JobWhy, ResultPage
from we1web.domain import pricing

router = APIRouter(prefix="/api/jobs", tags=["jobs"])


@router.post("/estimate")
async def estimate(services: ServicesDep, order: EstimateRequest) -> Estimate:
    """What `n` tasks cost when nobody disagrees, and the budget we suggest."""
    quorum = quorum_of(order.policy)
    check_price(order.price_micros, order.policy)
    cost = pricing.estimate(order.n, order.price_micros, quorum)
    return Estimate(
        n=order.n,
        quorum=quorum,
        estimate_micros=cost,
        budget_micros=pricing.default_budget(cost),
        fee_micros=pricing.fee(order.price_micros, services.config.fee_bps),
        currency=services.config.currency,
    )


@router.post("", response_model=Job)
async def create(
    request: Request, services: ServicesDep, caller: JobsCaller, order: JobOrder, idempotency_key: IdempotencyKey = None
) -> object:
    """Creates a job and holds its budget; more tasks may follow until it is complete."""
    return await create_job(services, caller, order, await claim_of(request, caller, idempotency_key))


@router.get("")
async def list_jobs(services: ServicesDep, caller: JobsCaller, cursor: Cursor = None, limit: Limit = 50) -> JobPage:
    """One's own jobs, newest first."""
    return await jobs.page(services, caller.user_id, cursor, limit)


@router.get("/{job_id}")
async def get(services: ServicesDep, caller: JobsCaller, job_id: UUID) -> Job:
    """One's own job, with the reason why it waits, if it does."""
    return await jobs.get(services, caller.user_id, job_id)


@router.get("/{job_id}/why")
async def why_it_waits(services: ServicesDep, caller: JobsCaller, job_id: UUID) -> JobWhy:
    """Who could work on one's own job, which condition excludes how many nodes, and what it waits for."""
    return await why.job(services, caller.user_id, job_id)


@router.delete("/{job_id}")
async def cancel(services: ServicesDep, caller: JobsCaller, job_id: UUID) -> Job:
    """Cancels a job: open work is withdrawn, agreed work is paid, the rest of the budget comes back."""
    return await cancel_job(services, caller, job_id)


@router.post("/{job_id}/tasks", openapi_extra=submissions.described())
async def add(request: Request, services: ServicesDep, caller: JobsCaller, job_id: UUID) -> Added:
    """Adds a batch of tasks; repeating a batch (same `sequence`, same content) changes nothing. JSON or msgpack."""
    return await add_tasks(services, caller, job_id, await submissions.read(request))


@router.post("/{job_id}/close")
async def close(services: ServicesDep, caller: JobsCaller, job_id: UUID) -> Job:
    """Says that no further tasks will come."""
    return await close_job(services, caller, job_id)


@router.get("/{job_id}/results", response_model=ResultPage)
async def list_results(
    request: Request,
    services: ServicesDep,
    caller: JobsCaller,
    job_id: UUID,
    cursor: Cursor = None,
    limit: Limit = 1_000,
) -> Response:
    """Results in the order of agreement (stable). JSON, or msgpack with raw bytes for `Accept: application/msgpack`."""
    return submissions.answer(request, await results.page(services, caller.user_id, job_id, cursor, limit))
