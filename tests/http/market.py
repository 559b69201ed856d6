"""A small honest market for tests of the HTTP side: it keeps the protocol's promises and computes nothing.

Tests say what was agreed (`agree`); cancelling withdraws, marks and refunds as the real market does.
"""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from tests.storage.rows import BY

from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain import recipes
from we1web.engine.explain import JobAnswer, NodeAnswer, TaskAnswer
from we1web.protocol.messages import ServerMessage

VERIFIED, FAILED, CANCELLED = 1, 2, 3


class MemoryMarket:
    """What the routes need of a market, with a memory that tests can read."""

    def __init__(self, database: Database):
        self._database = database
        self._flush = 0
        self.ready = False
        self.submissions: list[int] = []
        self.statuses: dict[int, str] = {}
        self.states: dict[int, str] = {}
        self.reasons: dict[int, str] = {}
        self.tasks_why: dict[int, TaskAnswer] = {}
        self.jobs_why: dict[int, JobAnswer] = {}
        self.nodes_why: dict[int, NodeAnswer] = {}
        self.pending: dict[int, dict[str, int]] = {}
        self.told: list[tuple[int, ServerMessage]] = []

    async def start(self) -> None:
        self.ready = True

    async def stop(self) -> None:
        self.ready = False

    def submitted(self, job_key: int) -> None:
        self.submissions.append(job_key)

    async def cancel_job(self, job_key: int) -> None:
        async with self._database.transaction(SERVICE) as tx:
            await self._end(tx, job_key)

    async def cancel_task(self, task_id: int) -> bool:
        return await self.agree(task_id, state=CANCELLED) is not None

    def node_status_changed(self, node_key: int, status: str) -> None:
        self.statuses[node_key] = status

    def waiting(self, job_key: int) -> str:
        return self.reasons.get(job_key, "no node is online")

    def why_task(self, task_id: int) -> TaskAnswer | None:
        return self.tasks_why.get(task_id)

    def why_job(self, job_key: int) -> JobAnswer | None:
        return self.jobs_why.get(job_key)

    def why_node(self, node_key: int) -> NodeAnswer | None:
        return self.nodes_why.get(node_key)

    def task_state(self, task_id: int) -> str | None:
        return self.states.get(task_id)

    def pending_micros(self, owner_key: int) -> dict[str, int]:
        return self.pending.get(owner_key, {})

    def tell(self, user_key: int, message: ServerMessage) -> None:
        self.told.append((user_key, message))

    def numbers(self) -> dict[str, float]:
        return {"submissions": float(len(self.submissions))}

    async def agree(
        self, task_id: int, outcome: bytes | None = None, *, state: int = VERIFIED, votes: Sequence[int] = ()
    ) -> int | None:
        """Ends one task the way the journal does: one appended row in a flush of its own."""
        self._flush += 1
        async with self._database.transaction(SERVICE) as tx:
            chunk = await tx.fetchrow("select * from public.chunks where id = $1", task_id >> 20)
            index = chunk["first_index"] + (task_id & 0xFFFFF)
            return await tx.fetchval(
                "insert into public.tasks (id, job_key, index, state, flush, outcome, votes)"
                " values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning id",
                task_id,
                chunk["job_key"],
                index,
                state,
                self._flush,
                outcome,
                list(votes),
            )

    async def chunks_of(self, job: UUID) -> list[asyncpg.Record]:
        async with self._database.transaction(SERVICE) as tx:
            return await tx.fetch(
                "select c.* from public.chunks c join public.jobs j on j.key = c.job_key where j.id = $1"
                " order by c.sequence",
                job,
            )

    async def _end(self, tx: asyncpg.Connection, job_key: int) -> None:
        job = await tx.fetchrow(
            "update public.jobs set ended_at = now() where key = $1 and ended_at is null returning *", job_key
        )
        if job is not None:
            back = job["budget_micros"] - job["spent_micros"]
            if back:
                await ledger.post(tx, recipes.refund(job["id"], job["requester_id"], back, job["currency"]), BY)
