"""Migrations: once each, in order, checksummed, and all together exactly the committed schema."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from tests.fixtures_postgres import Postgres

from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.dump import SCHEMA, dump_schema
from we1web.coordinator.storage.errors import DatabaseError
from we1web.coordinator.storage.migrate import MIGRATIONS, MigrationError, migrate, migrations, pending


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_first.sql").write_text("create table first (id int);")
    (tmp_path / "0002_second.sql").write_text("create table second (id int); insert into second values (1);")
    return tmp_path


@pytest.fixture
async def empty(postgres: Postgres) -> str:
    return await postgres.create("template0")


async def test_migrations_are_the_committed_schema(postgres: Postgres) -> None:
    dsn = await postgres.create()
    dumped = await asyncio.to_thread(dump_schema, dsn)
    assert dumped == SCHEMA.read_text(), "run `python -m we1web.coordinator.storage.dump` and commit schema.sql"


async def test_applying_again_does_nothing(empty: str) -> None:
    assert await migrate(empty) == [migration.name for migration in migrations()]
    assert await migrate(empty) == []


async def test_several_at_once_apply_each_file_once(empty: str) -> None:
    applied = await asyncio.gather(*(migrate(empty) for _ in range(3)))
    assert sorted(map(len, applied)) == [0, 0, len(migrations())]


def test_names_are_numbered_in_order() -> None:
    names = [path.stem for path in sorted(MIGRATIONS.glob("*.sql"))]
    assert [name[:5] for name in names] == [f"{number:04}_" for number in range(1, len(names) + 1)]


async def test_a_changed_file_is_refused(empty: str, folder: Path) -> None:
    await migrate(empty, folder)
    (folder / "0001_first.sql").write_text("create table first (id bigint);")
    with pytest.raises(MigrationError, match="0001_first changed"):
        await migrate(empty, folder)


async def test_a_database_ahead_of_the_program_is_refused(empty: str, folder: Path) -> None:
    await migrate(empty, folder)
    (folder / "0002_second.sql").unlink()
    with pytest.raises(MigrationError, match="0002_second"):
        await migrate(empty, folder)


async def test_a_file_that_fails_leaves_nothing_of_itself(empty: str, folder: Path) -> None:
    (folder / "0003_third.sql").write_text("create table third (id int); select 1 / 0;")
    with pytest.raises(MigrationError, match="0003_third failed"):
        await migrate(empty, folder)
    connection = await asyncpg.connect(empty)
    assert await connection.fetchval("select to_regclass('second') is not null and to_regclass('third') is null")
    await connection.close()
    (folder / "0003_third.sql").write_text("create table third (id int);")
    assert await migrate(empty, folder) == ["0003_third"]


def test_supabase_keeps_its_own_auth_schema() -> None:
    kept = [migration.name for migration in migrations() if migration.is_for(supabase=True)]
    assert kept == [migration.name for migration in migrations() if migration.name != "0001_supabase_shim"]
    assert pending(migrations(), {}) == migrations()


async def test_a_role_that_cannot_bypass_row_level_security_is_told_so(postgres: Postgres, empty: str) -> None:
    await postgres.execute("drop role if exists plain")
    await postgres.execute("create role plain login")
    with pytest.raises(MigrationError, match="bypass"):
        await migrate(empty.replace("postgres@", "plain@"))


async def test_a_database_without_the_schema_is_not_opened(empty: str) -> None:
    with pytest.raises(DatabaseError, match="no WE1WEB schema"):
        await Database.open(empty)
