"""The embedded server: killed, restarted, adopted, locked, private, and durable in its settings."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from tests.fixtures_postgres import reachable_folder

from we1web.coordinator.storage import secret_store
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.embedded import DataDirectoryBusy, EmbeddedError, EmbeddedPostgres
from we1web.coordinator.storage.errors import DatabaseLost
from we1web.coordinator.storage.migrate import migrate
from we1web.coordinator.storage.principal import ANON, SERVICE
from we1web.coordinator.storage.statements import statement


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """A server of our own: these tests kill it."""
    with reachable_folder() as folder:
        own = EmbeddedPostgres(folder)
        own.start()
        yield own
        own.stop()


def kill(server: EmbeddedPostgres) -> None:
    assert server.pid is not None
    process = psutil.Process(server.pid)
    os.kill(server.pid, signal.SIGKILL)
    process.wait(30)


async def test_everything_survives_a_killed_server(server: EmbeddedPostgres) -> None:
    await migrate(server.dsn)
    database = await Database.open(server.dsn, service_connections=2, user_connections=2)
    async with database.transaction(SERVICE) as connection:
        await secret_store.get_or_create(connection, "kept", lambda: b"committed")
    with pytest.raises(DatabaseLost):
        async with database.transaction(SERVICE) as connection:
            await secret_store.get_or_create(connection, "lost", lambda: b"not committed")
            await asyncio.to_thread(kill, server)
    assert server.pid is None
    for principal in (SERVICE, ANON):
        with pytest.raises(DatabaseLost):
            async with database.transaction(principal):
                pass
    assert await asyncio.to_thread(server.ensure) == server.dsn
    async with database.transaction(SERVICE) as connection:
        assert await connection.fetchval(statement("secrets/get"), "kept") == b"committed"
        assert await connection.fetchval(statement("secrets/get"), "lost") is None
    await database.close()


async def test_opening_without_a_server_says_so(tmp_path: Path) -> None:
    with pytest.raises(DatabaseLost):
        await Database.open(f"postgresql://postgres@/postgres?host={tmp_path}")
    with pytest.raises(DatabaseLost):
        await migrate(f"postgresql://postgres@/postgres?host={tmp_path}")


def test_a_running_server_is_kept(server: EmbeddedPostgres) -> None:
    before = server.pid
    assert before is not None
    server.ensure()
    server.start()
    assert server.pid == before


def test_the_next_coordinator_adopts_the_server_of_a_killed_one(server: EmbeddedPostgres) -> None:
    """A killed process loses its lock and nothing else; letting go of the lock is the same to the next one."""
    before = server.pid
    next_one = EmbeddedPostgres(server.data_dir)
    with pytest.raises(DataDirectoryBusy):
        next_one.start()
    next_one.stop()
    assert server.pid == before, "a refused coordinator must not stop the server of the one that runs"
    server._release_lock()
    assert next_one.start() == server.dsn
    assert next_one.pid == before
    next_one._release_lock()
    server.start()


def test_a_pid_file_that_names_a_strangers_process_is_no_obstacle(server: EmbeddedPostgres) -> None:
    kill(server)
    pid_file = server.cluster / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert server.pid is None
    server.ensure()
    assert server.pid not in (None, os.getpid())


async def test_settings_are_durable_and_private(server: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(server.dsn)
    names = ("fsync", "synchronous_commit", "full_page_writes", "listen_addresses", "data_checksums", "TimeZone")
    values = [await connection.fetchval("select current_setting($1)", name) for name in names]
    assert values == ["on", "on", "on", "", "on", "UTC"]
    assert await connection.fetchval("select datcollate from pg_database where datname = current_database()") == "C"
    await connection.close()
    assert server.cluster.stat().st_mode & 0o077 == 0
    assert server.log.stat().st_mode & 0o077 == 0


def test_a_deep_data_directory_still_gets_a_socket(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir / ("d" * 60) / ("e" * 60))
    folder = Path(server.dsn.partition("host=")[2])
    assert not folder.is_relative_to(data_dir)
    folder.symlink_to(data_dir)
    with pytest.raises(EmbeddedError, match="somebody else"):
        server.start()
    folder.unlink()
    server.start()
    try:
        assert folder.stat().st_mode & 0o077 == 0
        assert asyncio.run(ask_version(server.dsn)) >= 180_000
    finally:
        server.stop()
    assert server.pid is None
    assert not folder.exists()


async def ask_version(dsn: str) -> int:
    connection = await asyncpg.connect(dsn)
    version: int = await connection.fetchval("select current_setting('server_version_num')::int")
    await connection.close()
    return version


def test_a_server_that_was_not_started_is_not_ensured(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match="not started"):
        EmbeddedPostgres(tmp_path).ensure()


def test_a_server_that_cannot_start_shows_its_log(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.start()
    server.stop()
    (server.cluster / "operator.conf").write_text("max_connections = nonsense\n")
    with pytest.raises(EmbeddedError, match="did not start") as failed:
        server.start()
    assert "max_connections" in failed.value.hint
    server.stop()
