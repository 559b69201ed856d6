"""Routes of jobs: estimate, create, add tasks, close, read, results, cancel. Each calls one action or one query."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import StreamingResponse

from we1web.coordinator.actions.add_tasks import add_tasks
from we1web.coordinator.actions.cancel_job import cancel_job
from we1web.coordinator.actions.close_job import close_job
from we1web.coordinator.actions.create_job import create_job
from we1web.coordinator.actions.job_plan import check_currency, check_price, quorum_of
from we1web.coordinator.http import submissions
from we1web.coordinator.http.context import JobsCaller, ServicesDep
from we1web.coordinator.http.idempotency_key import IdempotencyKey, claim_of
from we1web.coordinator.http.paging import Cursor, Limit
from we1web.coordinator.queries import download, jobs, results, task_rows, why
from we1web.coordinator.queries.download import MEDIA_TYPES, Format
from we1web.coordinator.queries.jobs import Filter
from we1web.coordinator.queries.task_rows import Part, Wanted
from we1web.coordinator.schemas import (
    MAX_SEQUENCE,
    Added,
    Estimate,
    EstimateRequest,
    Job,
    JobOrder,
    JobPage,
    JobState,
    JobWhy,
    ResultPage,
    RuntimeName,
    TaskRows,
)
from we1web.domain import pricing
from we1web.protocol.limits import MAX_NAME_CHARS

router = APIRouter(prefix="/api/jobs", tags=["jobs"])


@router.post("/estimate")
async def estimate(services: ServicesDep, order: EstimateRequest) -> Estimate:
    """What `n` tasks cost when nobody disagrees, and the budget we suggest."""
    quorum = quorum_of(order.policy)
    currency = order.currency or services.config.currency
    check_currency(currency)
    check_price(order.price_micros, order.policy, order.bonus_micros, currency)
    cost = pricing.estimate(order.n, order.price_micros, quorum)
    bonuses = pricing.estimate(order.n, order.bonus_micros, quorum)
    config = services.config
    return Estimate(
        n=order.n,
        quorum=quorum,
        estimate_micros=cost,
        bonuses_micros=bonuses,
        budget_micros=pricing.default_budget(cost + bonuses),
        fee_micros=pricing.fee(order.price_micros, config.fee_bps, config.fee_min_micros),
        currency=currency,
    )


@router.post("", response_model=Job)
async def create(
    request: Request, services: ServicesDep, caller: JobsCaller, order: JobOrder, idempotency_key: IdempotencyKey = None
) -> object:
    """Creates a job and holds its budget; more tasks may follow until it is complete."""
    return await create_job(services, caller, order, await claim_of(request, caller, idempotency_key))


@router.get("")
async def list_jobs(
    services: ServicesDep,
    caller: JobsCaller,
    state: Annotated[list[JobState] | None, Query(max_length=4, description="Any of these.")] = None,
    q: Annotated[str | None, Query(max_length=MAX_NAME_CHARS, description="Somewhere in the name.")] = None,
    runtime: RuntimeName | None = None,
    policy: Annotated[str | None, Query(max_length=MAX_NAME_CHARS)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> JobPage:
    """One's own jobs, newest first; all of them, or those that fit everything that is asked for."""
    return await jobs.page(services, caller.user_id, cursor, limit, Filter(state, _text(q), runtime, _text(policy)))


def _text(given: str | None) -> str | None:
    """What was typed, without what no name holds: the database keeps no NUL."""
    return (given or "").replace("\0", "").strip() or None


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


@router.get("/{job_id}/tasks")
async def list_tasks(
    services: ServicesDep,
    caller: JobsCaller,
    job_id: UUID,
    first: Annotated[int, Query(alias="from", ge=0, le=MAX_SEQUENCE, description="Place in the input order.")] = 0,
    limit: Limit = 100,
    state: Annotated[Wanted | None, Query(description="Only these, from that place on.")] = None,
) -> TaskRows:
    """Tasks in input order, from any place of it: what a table of 100,000 rows shows at once."""
    return await task_rows.page(services, caller.user_id, job_id, Part(first, limit, state))


@router.get(
    "/{job_id}/download",
    response_class=StreamingResponse,
    responses={200: {"content": {kind: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()}}},
)
async def download_results(
    services: ServicesDep,
    caller: JobsCaller,
    job_id: UUID,
    form: Annotated[Format, Query(alias="format")] = "jsonl",
) -> StreamingResponse:
    """Every task with its result, one line each in input order.

    `value` is the result as JSON (tuples are lists; a WebAssembly module's text); where JSON would not say the same,
    `base64` has the bytes, and `note` says why. In CSV, `value` and `error` are JSON, too.
    """
    pieces = await download.open_file(services, caller.user_id, job_id, form)
    headers = {"Content-Disposition": f'attachment; filename="{job_id}.{form}"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces, media_type=MEDIA_TYPES[form], headers=headers)
