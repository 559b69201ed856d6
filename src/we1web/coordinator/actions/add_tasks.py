"""Adds tasks to an open job, once for each sequence number. Must never take more than the budget covers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from we1web.coordinator.actions import chunking, job_plan
from we1web.coordinator.actions.chunking import Chunk
from we1web.coordinator.actions.prepare_program import blob_missing
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.queries import jobs
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.schemas import Added
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement


@dataclass(frozen=True)
class TaskBatch:
    """What a client submits: its own number of the batch makes a repetition harmless."""

    sequence: int
    arguments: Sequence[bytes]
    complete: bool


async def add_tasks(services: Services, caller: Identity, job_id: UUID, batch: TaskBatch) -> Added:
    """Stores the batch, or says where it was stored before. Raises Refusal."""
    job_plan.check_size(batch.arguments)
    blobs = chunking.blobs_of(batch.arguments)
    async with services.database.transaction(SERVICE) as tx:
        job = await jobs.lock(tx, job_id, caller.user_id)
        stored = await _stored(tx, job["key"], batch)
        if stored is not None:
            return Added(job=job_id, state=job["state"], first=stored, n=len(batch.arguments), total=job["total"])
        _check(services, job, batch, await tx.fetchval(statement("jobs/last_sequence"), job["key"]))
        await claim_blobs(tx, caller, job["key"], blobs)
        await insert_chunks(tx, job["key"], chunking.cut(batch.arguments, batch.sequence, job["total"]))
        now = services.clock.now()
        grown = await tx.fetchrow(statement("jobs/grow"), job["key"], len(batch.arguments), batch.complete, now)
    services.market.submitted(job["key"])
    n = len(batch.arguments)
    return Added(job=job_id, state=grown["state"], first=job["total"], n=n, total=grown["total"])


async def claim_blobs(
    tx: asyncpg.Connection, caller: Identity, job_key: int, blobs: Mapping[bytes, int | None]
) -> None:
    """Nodes may read these blobs while the job lives. Raises Refusal when the requester does not own one of them."""
    if not blobs:
        return
    rows = await tx.fetch(statement("blobs/owned"), caller.user_id, list(blobs), list(blobs.values()))
    missing = blobs.keys() - {row["digest"] for row in rows}
    if missing:
        raise blob_missing(sorted(missing))
    await tx.execute(statement("jobs/add_blobs"), job_key, list(blobs))


async def insert_chunks(tx: asyncpg.Connection, job_key: int, chunks: Sequence[Chunk]) -> list[int]:
    """One statement for all chunks; their ids in order."""
    rows = await tx.fetch(
        statement("jobs/add_chunks"),
        job_key,
        [chunk.sequence for chunk in chunks],
        [chunk.first_index for chunk in chunks],
        [chunk.n for chunk in chunks],
        [chunk.body for chunk in chunks],
    )
    return [row["id"] for row in sorted(rows, key=lambda row: row["sequence"])]


async def _stored(tx: asyncpg.Connection, job_key: int, batch: TaskBatch) -> int | None:
    """The first index of the batch when it came before. Raises Refusal when its number was used for other tasks."""
    rows = await tx.fetch(statement("jobs/submission"), job_key, chunking.stored_sequence(batch.sequence))
    if not rows:
        return None
    before = [(row["n"], row["body"]) for row in rows]
    again = [(chunk.n, chunk.body) for chunk in chunking.cut(batch.arguments, batch.sequence, rows[0]["first_index"])]
    if before != again:
        raise _out_of_order(f"sequence {batch.sequence} was used for other tasks")
    return int(rows[0]["first_index"])


def _check(services: Services, job: asyncpg.Record, batch: TaskBatch, last_sequence: int | None) -> None:
    if job["state"] != "open":
        raise Refusal(f"the job is {job['state']}", code="job_closed", hint="create another job for more tasks")
    if last_sequence is not None and chunking.stored_sequence(batch.sequence) <= last_sequence:
        raise _out_of_order(f"sequence {batch.sequence} came after a later one")
    total, limit = job["total"] + len(batch.arguments), services.config.max_job_tasks
    if total > limit:
        raise Refusal(f"a job has at most {limit} tasks", code="too_many_tasks", hint="use several jobs")
    job_plan.check_budget(
        job["budget_micros"], total, job["price_micros"] + job["bonus_micros"], job["policy"], job["currency"]
    )


def _out_of_order(message: str) -> Refusal:
    hint = "number the batches of a job upwards, send them one after the other, repeat a batch unchanged"
    return Refusal(message, code="sequence_conflict", hint=hint)
