"""Pytest plugin: the real embedded PostgreSQL. One server per test process, one migrated database per module.

It lies in memory where there is room, and waits for no disk: what tests prove of crashes is about processes that die,
and a process's death loses nothing that the system has taken.
"""

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.embedded import EmbeddedPostgres
from we1web.coordinator.storage.migrate import migrate

_TEMPLATE = "we1_template"
_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 4 << 30
_WAITS_FOR_NO_DISK = ("fsync", "full_page_writes", "synchronous_commit")


@dataclass
class Postgres:
    """The server of this test process. A fresh, migrated database is a copy of files, in some 50 ms."""

    server: EmbeddedPostgres
    numbers: Iterator[int]

    @property
    def dsn(self) -> str:
        return self.server.dsn

    def dsn_of(self, name: str) -> str:
        return self.server.dsn.replace("/postgres?", f"/{name}?")

    async def execute(self, command: str) -> None:
        """Runs one command as the admin of the server."""
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute(command)
        finally:
            await connection.close()

    async def hurry(self) -> None:
        """No commit and no copy waits for a disk from now on."""
        for setting in _WAITS_FOR_NO_DISK:
            await self.execute(f"alter system set {setting} = off")
        await self.execute("select pg_reload_conf()")

    async def create(self, template: str = _TEMPLATE) -> str:
        """The admin DSN of a fresh database (migrated, unless another template is named)."""
        return self.dsn_of(await self._copy(template))

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[str]:
        """The admin DSN of a fresh database that is gone afterwards: for fixtures of single tests, of which there are
        many."""
        name = await self._copy(_TEMPLATE)
        try:
            yield self.dsn_of(name)
        finally:
            await self.execute(f"drop database {name} with (force)")

    async def _copy(self, template: str) -> str:
        name = f"test_{next(self.numbers)}"
        await self.execute(f"create database {name} template {template} strategy file_copy")
        return name


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A temporary folder for an embedded server.

    Not pytest's tmp_path: run as root, the server is another account, and every other pytest of this user that starts
    in the meantime closes the parent of all tmp_paths to others.
    """
    room = shutil.disk_usage(_MEMORY).free if _MEMORY.is_dir() else 0
    memory = _MEMORY if room >= _ROOM_BYTES else None
    with tempfile.TemporaryDirectory(prefix="we1web-test-", dir=memory, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data directory for one test that starts an embedded server (or a whole coordinator) of its own."""
    with reachable_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """An embedded server in a temporary folder, with a migrated template database."""
    with reachable_folder() as folder:
        server = EmbeddedPostgres(folder)
        server.start()
        try:
            running = Postgres(server, itertools.count(1))
            asyncio.run(running.hurry())
            asyncio.run(running.execute(f"create database {_TEMPLATE}"))
            asyncio.run(migrate(running.dsn_of(_TEMPLATE)))
            yield running
        finally:
            server.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def database_dsn(postgres: Postgres) -> str:
    """The admin DSN of this module's own migrated database."""
    return await postgres.create()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def database(database_dsn: str) -> AsyncIterator[Database]:
    """This module's own database, migrated and open."""
    opened = await Database.open(database_dsn, user_connections=4, service_connections=4)
    try:
        yield opened
    finally:
        await opened.close()
