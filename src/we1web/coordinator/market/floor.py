"""One life of the market: engine, journal, hub and claims, from recovery to the first lost database connection.

A floor is never repaired. When the database is lost it ends, every connection is closed, and the next floor is built
from what is durable, exactly as after a crash.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

import asyncpg

from we1web.coordinator.blobs import BlobStore
from we1web.coordinator.clock import random_bytes
from we1web.coordinator.market import admission
from we1web.coordinator.market.claims import Claims
from we1web.coordinator.market.grants import Grants
from we1web.coordinator.market.hearings import Hearings
from we1web.coordinator.market.hub import Hub
from we1web.coordinator.market.journal import Batch, Journal
from we1web.coordinator.market.link import Link
from we1web.coordinator.market.recovery import recover
from we1web.coordinator.market.registry import Registry
from we1web.coordinator.market.subscription import Subscription
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.errors import translated
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.secret_store import KEY_BYTES, get_or_create
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.telemetry import logger
from we1web.engine import explain
from we1web.engine.reactor import Engine
from we1web.engine.settings import Settings
from we1web.protocol.errors import ProtocolError
from we1web.protocol.messages import Heartbeat, Register, Registered, ServerMessage
from we1web.protocol.session import CLOSE_RETIRED

GRANT_SECRET = "lease grants"
SINGLE_OWNER_LOCK = 0x7765_3163_6F6F
TICK_S = 1.0
PRESENCE_S = 5.0


class AnotherCoordinator(RuntimeError):
    """A second coordinator on the same database would pay twice."""


class Floor:
    """See the module docstring. `run` ends by raising; `stop` ends it in good order."""

    def __init__(self, database: Database, blobs: BlobStore, seed: int, settings: Settings) -> None:
        self._database = database
        self._blobs = blobs
        self.engine = Engine(seed, settings)
        self.registry = Registry()
        self.claims = Claims(database, self.engine, self.registry, "coordinator")
        self.hearings = Hearings(database, self.engine, self.registry)
        self.hub: Hub
        self.journal: Journal
        self._db: asyncpg.Connection | None = None
        self._links: dict[Link, None] = {}
        self._subscriptions: dict[int, dict[Subscription, None]] = {}
        self._presence: dict[int, tuple[bool, bool, str, float]] = {}
        self.ready = False

    async def open(self) -> None:
        """Takes the database for itself and recovers. Raises AnotherCoordinator or DatabaseLost."""
        self._db = await self._database.connect_service()
        async with translated(self._db):
            if not await self._db.fetchval(statement("market/single_owner"), SINGLE_OWNER_LOCK):
                raise AnotherCoordinator("another coordinator runs on this database; stop it first")
            key = await get_or_create(self._db, GRANT_SECRET, partial(random_bytes, KEY_BYTES))
            self.hub = Hub(self.engine, self.registry, Grants(key), self._blobs)
            self.journal = Journal(self._db, self.engine, self.registry, self._durable, self.hub.told)
            self.hub.journal = self.journal
            self.hub.measured = self.claims.measured
            await self.journal.open()
            counts = await recover(self._db, self.engine, self.registry, self.claims, self.journal)
        logger.info("market open", **counts)
        for job_key in self.registry.records:  # what changed while nobody could be told
            self.claims.submitted(job_key)
        self.journal.wake()
        self.ready = True

    async def run(self) -> None:
        """Works until something fails; the first failure ends everything."""
        async with asyncio.TaskGroup() as group:
            pulse = self.hub.pulse
            for duty in (self.journal.run(), self.claims.run(pulse), self.hearings.run(pulse), self._clock()):
                group.create_task(duty)
            group.create_task(self._write_presence())
            await self.hub.failed

    async def close(self) -> None:
        """Closes every connection; clients come back by themselves."""
        self.ready = False
        for link in list(self._links):
            link.close(1012, "the coordinator restarts")
        if self._db is not None:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(2):
                    await self._db.close()
            self._db.terminate()

    # connections

    def connected(self, link: Link) -> None:
        self._links[link] = None

    def disconnected(self, link: Link) -> None:
        self._links.pop(link, None)
        if self.ready:
            if link.node is not None and self.hub.links.get(link.node.key) is link:
                self._presence[link.node.key] = (False, False, "", 0.0)
            self.hub.left(link, asyncio.get_running_loop().time())

    async def register(self, link: Link, message: Register) -> Registered:
        now = asyncio.get_running_loop().time()
        registered = await admission.admit(self._database, self.hub, link, message, now)
        assert link.node is not None
        self._presence.pop(link.node.key, None)
        self.hub.pulse()
        return registered

    def heard(self, link: Link, message: Heartbeat) -> None:
        assert link.node is not None
        self._presence[link.node.key] = (True, message.accepting, message.reason, message.load)
        self.hub.heard(link.node, message)

    async def subscribe(
        self, link: Link, job_id: UUID, send: Callable[[ServerMessage], Awaitable[None]]
    ) -> Subscription:
        """Raises ProtocolError when it is not the link's user's job."""
        async with self._database.transaction(SERVICE) as tx:
            key = await tx.fetchval(statement("market/job_of_requester"), job_id, link.user_id)
        if key is None:
            raise ProtocolError("there is no such job", code="job_unknown", hint="list your jobs with we1web jobs")
        subscription = Subscription(self._database, job_id, key, send, self.waiting)
        self._subscriptions.setdefault(key, {})[subscription] = None
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        following = self._subscriptions.get(subscription.job_key, {})
        following.pop(subscription, None)
        if not following:
            self._subscriptions.pop(subscription.job_key, None)

    def tell_status(self, node_key: int, status: str) -> None:
        """The owner paused, resumed or retired a node from afar: it shall know, and show why it gets no work."""
        link = self.hub.links.get(node_key) if self.ready else None
        if link is None:
            return
        if status == "retired":
            link.close(CLOSE_RETIRED, "the node was retired by its owner")
        else:
            link.send(Registered(str(link.node_id), link.node_name, status, []))

    def tell(self, user_key: int, message: ServerMessage) -> None:
        """Every connection of a user that has introduced itself: nodes and subscribers alike."""
        for link in list(self._links):
            if link.user_key == user_key and link.listens:
                link.send(message)

    # jobs

    async def cancel_job(self, job_key: int) -> None:
        """Withdraws what is open; the next flush settles what was earned and refunds the rest."""
        record = self.registry.records.get(job_key)
        if record is None:
            async with self._database.transaction(SERVICE) as tx:
                await self.claims.read_ended(tx, job_key)
            record = self.registry.records[job_key]
        self.engine.cancel_job(record.job)
        self.journal.wake()
        self.hub.pulse()

    def cancel_task(self, task_id: int) -> bool:
        cancelled = self.engine.cancel_task(task_id, asyncio.get_running_loop().time())
        self.journal.wake()
        self.hub.pulse()
        return cancelled

    def waiting(self, job_key: int) -> str:
        record = self.registry.records.get(job_key)
        return explain.waiting(self.engine.state, record.job) if record else "its tasks are queued behind others"

    # duties

    def _durable(self, acks: dict[Link, int], batch: Batch) -> None:
        self.hub.durable(acks, batch)
        for job in batch.jobs:
            for subscription in self._subscriptions.get(job.key, ()):
                subscription.notify()
        for job in batch.finished:
            if not self.hearings.concern(job.key):
                self.registry.forget_job(job.key)
        if batch.settled:
            self.claims.drained()

    async def _clock(self) -> None:
        """Once a second: deadlines in the engine, silence on the connections."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(TICK_S)
            now = loop.time()
            self.engine.tick(now)
            self.journal.wake()
            self.hub.pulse()
            for link in list(self._links):
                try:
                    link.session.check(now)
                except ProtocolError as error:
                    link.close(1008, error.code)

    async def _write_presence(self) -> None:
        """Who is online and what they say of themselves, for the pages that read the database."""
        while True:
            await asyncio.sleep(PRESENCE_S)
            presence, self._presence = self._presence, {}
            if presence:
                columns = list(zip(*presence.values(), strict=True))
                async with self._database.transaction(SERVICE) as tx:
                    await tx.execute(statement("market/presence"), list(presence), *columns)
