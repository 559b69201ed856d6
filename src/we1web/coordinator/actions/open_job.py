"""Opens a job: its row, its escrow, its first chunks and its claim on blobs, in one transaction. Never half a job.

What creating a job and creating a single task have in common; they differ in what they answer.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from we1web.coordinator.actions import chunking, idempotency, job_plan, job_terms
from we1web.coordinator.actions.add_tasks import claim_blobs, insert_chunks
from we1web.coordinator.actions.debt import check_debt
from we1web.coordinator.actions.idempotency import Body, Claim
from we1web.coordinator.actions.job_plan import House, JobPlan
from we1web.coordinator.actions.prepare_program import Programs, prepare_programs
from we1web.coordinator.actions.store_blob import keep
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.blobs import Upload
from we1web.coordinator.rates import rate_of
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.schemas import Order
from we1web.coordinator.services import Services
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain import fx, recipes
from we1web.domain.ledger import Actor, ActorKind


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
    plan = _plan(services, caller, submission)
    programs = await prepare_programs(services, caller, plan)
    opened: list[Opened] = []

    async def act(tx: asyncpg.Connection) -> Body:
        opened.append(await _open(services, tx, caller, plan, programs, submission))
        return await answer(tx, opened[0])

    try:
        async with services.database.transaction(SERVICE) as tx:
            body, _ = await idempotency.once(tx, claim, services.clock.now(), lambda: act(tx))
    finally:
        for upload in programs.fresh:
            services.blobs.discard(upload)
    for job in opened:
        services.market.submitted(job.key)
    return body


def _plan(services: Services, caller: Identity, submission: Submission) -> JobPlan:
    if submission.complete and not submission.arguments:
        raise job_plan.no_tasks()
    job_plan.check_size(submission.arguments)
    config = services.config
    house = House(config.fee_bps, config.default_strategy, caller.is_operator, config.fee_min_micros, config.currency)
    return job_plan.plan(submission.order, len(submission.arguments), house)


async def _open(
    services: Services,
    tx: asyncpg.Connection,
    caller: Identity,
    plan: JobPlan,
    programs: Programs,
    submission: Submission,
) -> Opened:
    now = services.clock.now()
    await _check_open_jobs(services, tx, caller)
    await check_debt(tx, caller.user_id)
    for upload in programs.fresh:
        await keep(tx, services.blobs, upload, caller.user_id, now)
    program = _digest(programs.program, plan.order.program)
    verifier = _digest(programs.verifier, plan.order.verifier) if plan.order.verifier else None
    job = services.clock.new_id()
    worth = await _worth(services, tx, plan, now)
    key = await tx.fetchval(statement("jobs/insert"), job, *_row(caller, plan, program, verifier, now), worth)
    if plan.budget_micros:  # work on one's own nodes costs nothing, so nothing is held
        held = recipes.hold(job, caller.user_id, plan.budget_micros, plan.currency)
        await ledger.post(tx, held, Actor(ActorKind.USER, str(caller.user_id), "a job was created"))
    needed: dict[bytes, int | None] = {digest: None for digest in (program, verifier) if digest is not None}
    await claim_blobs(tx, caller, key, needed | chunking.blobs_of(submission.arguments))
    chunks = chunking.cut(submission.arguments, chunking.CREATION, 0)
    ids = await insert_chunks(tx, key, chunks)
    await tx.execute(statement("jobs/grow"), key, len(submission.arguments), submission.complete, now)
    return Opened(job, key, ids)


async def _worth(services: Services, tx: asyncpg.Connection, plan: JobPlan, now: datetime) -> int:
    """What a vote earns, in the network's currency. Raises Refusal when no rate says."""
    config, reward = services.config, plan.order.price_micros - plan.fee_micros
    if plan.currency == config.currency or reward == 0:
        return reward
    rate = await rate_of(tx, plan.currency, config.currency, now.date(), config.rates_max_age_days)
    return fx.convert(reward, rate).received_micros


async def _check_open_jobs(services: Services, tx: asyncpg.Connection, caller: Identity) -> None:
    await tx.execute(statement("jobs/lock_requester"), caller.user_id)
    limit = services.config.max_open_jobs
    if await tx.fetchval(statement("jobs/count_open"), caller.user_id) >= limit:
        raise Refusal(
            f"you have {limit} jobs that have not ended", code="too_many_jobs", hint="wait for some, or cancel them"
        )


def _digest(made: Upload | None, uploaded: str) -> bytes:
    """The bytes that run: those made of what was uploaded, or these themselves."""
    return bytes.fromhex(uploaded) if made is None else made.digest


def _row(
    caller: Identity,
    plan: JobPlan,
    program: bytes,
    verifier: bytes | None,
    now: datetime,
) -> tuple[object, ...]:
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
        plan.strategy,
        order.price_micros,
        plan.fee_micros,
        plan.budget_micros,
        plan.currency,
        round(order.limits.wall_s * 1_000),
        order.limits.memory_bytes,
        order.limits.output_bytes,
        plan.instructions,
        deadline,
        now,
        order.validator,
        order.validator_parameters,
        order.epsilon,
        order.hold_s,
        job_terms.requirements(order),
        order.weight,
        order.priority,
        verifier,
        order.verifier_entry,
        order.purpose,
        order.bonus_micros,
        plan.bonus_fee_micros,
        order.bonus_within_s,
    )
