"""The market as the rest of the coordinator sees it: always there, rebuilt from the database whenever that was lost."""

import asyncio
import contextlib

from we1web.coordinator.blobs import BlobStore
from we1web.coordinator.market.floor import AnotherCoordinator, Floor
from we1web.coordinator.market.pending import pending_votes
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.errors import DatabaseLost
from we1web.coordinator.telemetry import logger
from we1web.domain.task import TaskState
from we1web.engine import explain
from we1web.engine.explain import JobAnswer, NodeAnswer, TaskAnswer
from we1web.engine.settings import Settings
from we1web.protocol.messages import ServerMessage

RETRY_S = 0.5


class Market:
    """A succession of floors. Until the next one stands, nodes are told to come back later."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        *,
        seed: int,
        settings: Settings | None = None,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._seed = seed
        self._settings = settings or Settings()
        self._task: asyncio.Task[None] | None = None
        self.floor: Floor | None = None
        """The current life of the market; None or not ready while it is being rebuilt."""
        self.faults = 0
        """Lives that ended otherwise than with the database: each is a bug of ours."""

    @property
    def ready(self) -> bool:
        return self.floor is not None and self.floor.ready

    async def start(self) -> None:
        """Opens the first floor; raises what makes that impossible."""
        self.floor = await self._open()
        self._task = asyncio.create_task(self._live(self.floor))

    async def stop(self) -> None:
        """Every connection is closed. What was not acknowledged the nodes keep and send again, as after a crash."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self.floor is not None:
            await self.floor.close()

    async def _open(self) -> Floor:
        floor = Floor(self._database, self._blobs, self._seed, self._settings)
        try:
            await floor.open()
        except BaseException:
            await floor.close()
            raise
        return floor

    async def _live(self, floor: Floor) -> None:
        """Floors follow each other; only being stopped ends this."""
        while True:
            try:
                await floor.run()
            except* Exception as group:
                # Whatever it was, what is durable is consistent and the rest is unacknowledged: begin again from there.
                expected = group.split(DatabaseLost)[1] is None
                self.faults += not expected
                logger.warning("market lost", error=str(group.exceptions[0]), exc_info=None if expected else group)
            await floor.close()
            floor = self.floor = await self._reopen()

    async def _reopen(self) -> Floor:
        while True:
            await asyncio.sleep(RETRY_S)
            try:
                return await self._open()
            except (DatabaseLost, AnotherCoordinator, OSError) as error:
                logger.info("market waits for the database", error=str(error))

    # what actions and queries ask; while the market is rebuilt, recovery reads from the database what they told it

    def submitted(self, job_key: int) -> None:
        if self.floor is not None and self.ready:
            self.floor.claims.submitted(job_key)

    async def cancel_job(self, job_key: int) -> None:
        if self.floor is not None and self.ready:
            await self.floor.cancel_job(job_key)

    async def cancel_task(self, task_id: int) -> bool:
        return self.floor is not None and self.ready and self.floor.cancel_task(task_id)

    def node_status_changed(self, node_key: int, status: str) -> None:
        if self.floor is None:
            return
        node = self.floor.engine.state.nodes.get(node_key)
        if node is not None:
            self.floor.engine.activate(node, status == "active")
            self.floor.tell_status(node_key, status)

    def waiting(self, job_key: int) -> str:
        return self.floor.waiting(job_key) if self.floor is not None and self.ready else "the market is starting"

    def why_task(self, task_id: int) -> TaskAnswer | None:
        answer = explain.task(self.floor.engine.state, task_id) if self.floor is not None and self.ready else None
        return answer if answer is not None and answer.state is not None else None

    def why_job(self, job_key: int) -> JobAnswer | None:
        if self.floor is None or not self.ready:
            return None
        record = self.floor.registry.records.get(job_key)
        return None if record is None else explain.job(self.floor.engine.state, record.job)

    def why_node(self, node_key: int) -> NodeAnswer | None:
        if self.floor is None or not self.ready:
            return None
        node = self.floor.engine.state.nodes.get(node_key)
        return None if node is None else explain.node(self.floor.engine.state, node)

    def task_state(self, task_id: int) -> TaskState | None:
        return self.floor.engine.task_state(task_id) if self.floor is not None else None

    def pending_micros(self, owner_key: int) -> dict[str, int]:
        if self.floor is None or not self.ready:
            return {}
        sums: dict[str, int] = {}
        for job, (votes, fast) in pending_votes(self.floor.engine.state, owner_key).items():
            record = self.floor.registry.records[job]
            sums[record.currency] = sums.get(record.currency, 0) + record.earned_micros(votes, fast)
        return sums

    def tell(self, user_key: int, message: ServerMessage) -> None:
        if self.floor is not None and self.ready:
            self.floor.tell(user_key, message)

    def numbers(self) -> dict[str, float]:
        """For /metrics and the network page."""
        faults: dict[str, float] = {"faults_total": self.faults}
        if self.floor is None or not self.ready:
            return faults
        state, hub = self.floor.engine.state, self.floor.hub
        return faults | {
            "nodes_online": len(hub.links),
            "jobs_open": len(state.jobs),
            "bundles_open": len(state.bundles),
            "bundles_ready": sum(len(job.ready) for job in state.ready_jobs.values()),
            "leases": sum(job.leases for job in state.jobs.values()),
            "votes_total": hub.votes,
            "reports_refused_total": hub.refused,
            "frames_in_total": hub.frames_in,
            "frames_out_total": hub.frames_out,
            "flushes_total": self.floor.journal.flushes,
        }
