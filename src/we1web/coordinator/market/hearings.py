"""Contested disputes on their way to the operator's referee and back: what waits is run once more, then ruled on.

A contest is a row; what happens here is forgotten by a restart and begins again from the rows. It must never delay
other work: a few hearings at a time, and only referees are asked.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import asyncpg
import msgspec

from we1web.coordinator.market import contests
from we1web.coordinator.market.claims import cut
from we1web.coordinator.market.records import LIVE_STATES, JobRecord, job_record
from we1web.coordinator.market.recovery import recall_nodes
from we1web.coordinator.market.registry import Registry
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.telemetry import logger
from we1web.domain.recipes import Overdrawn
from we1web.engine import referees
from we1web.engine.effects import Heard
from we1web.engine.reactor import Engine
from we1web.engine.state import TASK_BITS
from we1web.protocol import outcome

EVERY_S = 2.0
AT_ONCE = 8
PAUSE_S = 60.0
"""Before a hearing that came to nothing is tried again: the referee failed, or the fees did not suffice."""
_arguments = msgspec.msgpack.Decoder(list[bytes])


class Hearings:
    """See the module docstring. One per floor."""

    def __init__(self, database: Database, engine: Engine, registry: Registry) -> None:
        self._database = database
        self._engine = engine
        self._registry = registry
        self._open: dict[int, list[Mapping[str, Any]]] = {}
        """Bundle id -> the disputes it settles."""
        self._not_before: dict[int, float] = {}
        """Dispute id -> engine time before which it is not tried again."""

    async def run(self, pulse: Callable[[], None]) -> None:
        """Looks every two seconds; `pulse` sends leases out."""
        while True:
            await asyncio.sleep(EVERY_S)
            if await self.run_once(asyncio.get_running_loop().time()):
                pulse()

    async def run_once(self, now: float) -> bool:
        """Rules on what was heard and opens further hearings; True when any was opened."""
        for heard in self._engine.take_hearings():
            for dispute in self._open[heard.bundle.id]:
                await self._rule(dispute, heard, now)
            del self._open[heard.bundle.id]  # not before: ruling needs the job's record
            self._forget(heard.bundle.job.key)
        room = AT_ONCE - len(self._open)
        if room <= 0 or not referees.somebody(self._engine.state):
            return False
        async with self._database.transaction(SERVICE) as tx:
            waiting = [row for row in await tx.fetch(statement("disputes/waiting")) if self._is_due(row, now)]
            return any([await self._hear(tx, row, now) for row in waiting[:room]])

    def _is_due(self, dispute: Mapping[str, Any], now: float) -> bool:
        known = {each["id"] for disputes in self._open.values() for each in disputes}
        return dispute["id"] not in known and self._not_before.get(dispute["id"], now) <= now

    async def _hear(self, tx: asyncpg.Connection, dispute: Mapping[str, Any], now: float) -> bool:
        record = await self._record(tx, dispute["job_key"], now)
        first, arguments = _bundle_of(dispute)
        if first in self._open:
            self._open[first].append(dispute)
            return False
        if record is None or not self._engine.hear(record.job, first, arguments):
            self._not_before[dispute["id"]] = now + PAUSE_S
            return False
        self._open[first] = [dispute]
        return True

    async def _record(self, tx: asyncpg.Connection, key: int, now: float) -> JobRecord | None:
        """The job may have left the engine, or not be in it yet: its record is needed to describe the lease."""
        rows = () if key in self._registry.records else await tx.fetch(statement("market/jobs"), [key])
        for row in rows:
            record = self._registry.add_job(job_record(row, now))
            if row["state"] in LIVE_STATES:
                self._engine.add_job(record.job)
        return self._registry.records.get(key)

    def concern(self, key: int) -> bool:
        """Whether something of this job is being heard, so that its record is still needed."""
        return any(dispute["job_key"] == key for disputes in self._open.values() for dispute in disputes)

    def _forget(self, key: int) -> None:
        if key not in self._engine.state.jobs and not self.concern(key):
            self._registry.forget_job(key)

    async def _rule(self, dispute: Mapping[str, Any], heard: Heard, now: float) -> None:
        place = dispute["task_id"] - heard.bundle.id
        self._not_before[dispute["id"]] = now + PAUSE_S
        if place >= len(heard.outcomes) or heard.outcomes[place][0] == outcome.NONE:
            logger.warning("hearing failed", dispute=dispute["id"])
            return
        truth = outcome.digest(heard.outcomes[place])
        try:
            async with self._database.transaction(SERVICE) as tx:
                ruling = await contests.rule(tx, dispute["id"], truth)
                if ruling is not None and ruling.overturned:
                    await self._absolve(tx, dispute, heard, ruling)
        except Overdrawn:
            logger.warning("hearing waits for fees", dispute=dispute["id"])

    async def _absolve(
        self, tx: asyncpg.Connection, dispute: Mapping[str, Any], heard: Heard, ruling: contests.Ruling
    ) -> None:
        """The records of those who were right are as they would be without the verdict; the journal writes them."""
        await recall_nodes(tx, self._engine, self._registry, dispute["nodes"])
        for key in dispute["nodes"]:
            node = self._engine.state.nodes[key]
            standing = node.standings.get(heard.bundle.job.runtime_id)
            if standing is not None and self._registry.owners.get(node.owner) in ruling.owed:
                self._engine.absolve(standing)


def _bundle_of(dispute: Mapping[str, Any]) -> tuple[int, list[bytes]]:
    """The first task of the bundle that the dispute's task was part of, and arguments up to that task."""
    chunk = dispute["task_id"] >> TASK_BITS
    place = dispute["task_id"] - (chunk << TASK_BITS)
    for start, arguments in cut(_arguments.decode(dispute["body"]), dispute["bundle_size"] or 1):
        if start <= place < start + len(arguments):
            return (chunk << TASK_BITS) + start, list(arguments[: place - start + 1])
    raise AssertionError(f"task {dispute['task_id']} is not in its chunk")
