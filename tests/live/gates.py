"""Kills a coordinator exactly between two of its steps.

Outside of itself a coordinator changes two things: its database, when a transaction commits, and Stripe, when a request
is carried out. So a moment is one of these, and whether it still happens.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from we1web.testing.patience import eventually
from we1web.testing.stripe_simulator.faults import Dropped
from we1web.testing.stripe_simulator.simulator import Answer, Request, Simulator

TRIGGERS = Path(__file__).with_suffix(".sql")
LOCK = "hashtext('gates')"
Kill = Callable[[], Awaitable[None]]


class Commit(NamedTuple):
    """The commit of a transaction that writes such a row (gates.sql names them)."""

    step: str
    happens: bool

    def name(self) -> str:
        return f"{self.step}-{'done' if self.happens else 'undone'}"


class Asked(NamedTuple):
    """A request that changes something at Stripe, by the last part of its path."""

    step: str
    happens: bool

    def name(self) -> str:
        return f"asked-{self.step}-{'done' if self.happens else 'undone'}"


class Gates:
    """Triggers in a database of the tests, which hold a transaction at its commit."""

    def __init__(self, admin: asyncpg.Connection) -> None:
        self._admin = admin

    @classmethod
    async def install(cls, dsn: str) -> "Gates":
        admin = await asyncpg.connect(dsn)
        await admin.execute(TRIGGERS.read_text())
        return cls(admin)

    async def close(self) -> None:
        await self._admin.close()

    async def arm(self, moment: Commit) -> None:
        """From now on the first such commit waits."""
        await self._admin.execute(f"select pg_advisory_lock({LOCK})")
        await self._admin.execute("insert into gates.armed values ($1)", moment.step)

    async def spring(self, moment: Commit, kill: Kill) -> None:
        """Waits until it is held, kills its client, and lets it happen or not. Afterwards nothing is held."""
        held = await eventually(self._held, f"a commit of {moment.step}")
        await kill()
        if not moment.happens:
            await self._admin.fetch("select pg_terminate_backend(pid) from unnest($1::int[]) pid", held)
        await self._admin.execute("delete from gates.armed")
        await self._admin.execute(f"select pg_advisory_unlock({LOCK})")
        await eventually(partial(self._gone, held), "the held transaction ends")

    async def _held(self) -> list[int] | None:
        rows = await self._admin.fetch(
            "select pid from pg_locks where locktype = 'advisory' and not granted and database = (select oid"
            " from pg_database where datname = current_database()) and objid = (" + LOCK + "::bigint & 4294967295)::oid"
        )
        return [row["pid"] for row in rows] or None

    async def _gone(self, pids: list[int]) -> bool | None:
        alive = await self._admin.fetchval("select count(*) from pg_stat_activity where pid = any($1)", pids)
        return None if alive else True


class Guillotine(Simulator):
    """A simulated Stripe that kills who asks it: before it does what was asked, or after that, without an answer."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.fallen = asyncio.Event()
        self._moment: Asked | None = None
        self._kill: Kill

    def arm(self, moment: Asked, kill: Kill) -> None:
        """It falls once; then `fallen` is set."""
        self.fallen.clear()
        self._moment, self._kill = moment, kill

    async def handle(self, request: Request) -> Answer:
        moment = self._moment
        if moment is None or request.method != "post" or request.path.rpartition("/")[2] != moment.step:
            return await super().handle(request)
        self._moment = None
        if moment.happens:
            await super().handle(request)
        await self._kill()
        self.fallen.set()
        raise Dropped
