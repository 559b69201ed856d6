"""Opens a job: its row, its escrow, its first chunks and its claim on blobs, in one transaction. Never half a job.

What creating a job and creating a single task have in common; they differ in what they answer.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from we1web.coordinator.actions import chunking, idempotency, job_plan
from we1web.coordinator.actions.add_tasks import claim_blobs, insert_chunks
from we1web.coordinator.actions.idempotency import Body, Claim
from we1web.coordinator.actions.job_plan import JobPlan
from we1web.coordinator.actions.prepare_program import prepare_program
from we1web.coordinator.actions.store_blob import keep
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.blobs import Upload
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.schemas import Order
from we1web.coordinator.services import Services
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain import recipes


@dataclass(frozen=True)
class Opened:
    """A job that was just created."""

    id: UUID
    key: int
    chunk_ids: list[int]


@dataclass(frozen=True)
class Submission:
    """An order with its first tasks."""

    order: Order
    arguments: Sequence[bytes]
    complete: bool


Answer = Callable[[asyncpg.Connection, Opened], Awaitable[Body]]


async def open_job(
    services: Services, caller: Identity, submission: Submission, claim: Claim | None, answer: Answer
) -> Body:
    """Creates the job unless `claim` did already; `answer` says what the caller gets. Raises Refusal."""
    async with services.database.transaction(SERVICE) as tx:
        if (said := await idempotency.recall(tx, claim)) is not None:
            return said
    plan = _plan(services, submission)
    program = await prepare_program(services, caller, plan)
    opened: list[Opened] = []

    async def act(tx: asyncpg.Connection) -> Body:
        opened.append(await _open(services, tx, caller, plan, program, submission))
        return await answer(tx, opened[0])

    try:
        async with services.database.transaction(SERVICE) as tx:
            body, _ = await idempotency.once(tx, claim, services.clock.now(), lambda: act(tx))
    finally:
        if program is not None:
            services.blobs.discard(program)
    for job in opened:
        services.market.submitted(job.key)
    return body


def _plan(services: Services, submission: Submission) -> JobPlan:
    if submission.complete and not submission.arguments:
        raise job_plan.no_tasks()
    job_plan.check_size(submission.arguments)
    return job_plan.plan(submission.order, len(submission.arguments), services.config.fee_bps)


async def _open(
    services: Services,
    tx: asyncpg.Connection,
    caller: Identity,
    plan: JobPlan,
    program: Upload | None,
    submission: Submission,
) -> Opened:
    now = services.clock.now()
    await _check_open_jobs(services, tx, caller)
    if program is not None:
        await keep(tx, services.blobs, program, caller.user_id, now)
    digest = program.digest if program else bytes.fromhex(plan.order.program)
    job = services.clock.new_id()
    key = await tx.fetchval(statement("jobs/insert"), job, *_row(services, caller, plan, digest, now))
    await ledger.post(tx, recipes.hold(job, caller.user_id, plan.budget_micros, services.config.currency))
    await claim_blobs(tx, caller, key, {digest: None, **chunking.blobs_of(submission.arguments)})
    chunks = chunking.cut(submission.arguments, chunking.CREATION, 0)
    ids = await insert_chunks(tx, key, chunks)
    await tx.execute(statement("jobs/grow"), key, len(submission.arguments), submission.complete, now)
    return Opened(job, key, ids)


async def _check_open_jobs(services: Services, tx: asyncpg.Connection, caller: Identity) -> None:
    await tx.execute(statement("jobs/lock_requester"), caller.user_id)
    limit = services.config.max_open_jobs
    if await tx.fetchval(statement("jobs/count_open"), caller.user_id) >= limit:
        raise Refusal(
            f"you have {limit} jobs that have not ended", code="too_many_jobs", hint="wait for some, or cancel them"
        )


def _row(services: Services, caller: Identity, plan: JobPlan, program: bytes, now: datetime) -> tuple[object, ...]:
    order = plan.order
    deadline = now + timedelta(seconds=order.deadline_s) if order.deadline_s else None
    return (
        caller.user_id,
        caller.user_key,
        order.name,
        order.runtime,
        plan.runtime_id,
        program,
        order.entry,
        order.policy,
        order.strategy,
        order.price_micros,
        plan.fee_micros,
        plan.budget_micros,
        services.config.currency,
        round(order.limits.wall_s * 1_000),
        order.limits.memory_bytes,
        order.limits.output_bytes,
        plan.instructions,
        deadline,
        now,
    )
