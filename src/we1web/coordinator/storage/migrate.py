"""Brings a database to this program's schema: numbered files, forward only, each once, in its own transaction.

A file that was applied must never change: its checksum is compared. Expand first, migrate, contract in a later release.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import asyncpg

from we1web.coordinator.storage.errors import DatabaseError, translated
from we1web.coordinator.storage.statements import statement

MIGRATIONS = Path(__file__).parent / "migrations"
_SKIP_ON_SUPABASE = "-- skip on: supabase"
_LOCK = 0x7765_3177_6562
_OLDEST_SERVER = 150_000


class MigrationError(DatabaseError):
    """The schema of the database and this program do not belong together."""

    code = "migration_error"


@dataclass(frozen=True)
class Migration:
    """One numbered file."""

    name: str
    text: str

    @cached_property
    def checksum(self) -> bytes:
        return hashlib.sha256(self.text.encode()).digest()

    def is_for(self, supabase: bool) -> bool:
        """Supabase brings along what some files build on a plain server."""
        return not (supabase and self.text.startswith(_SKIP_ON_SUPABASE))


def migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """Every migration, in order."""
    return [Migration(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.sql"))]


async def migrate(dsn: str, folder: Path = MIGRATIONS) -> list[str]:
    """Applies what is missing and returns the names. Safe to run from several processes at once."""
    async with translated():
        connection = await asyncpg.connect(dsn)
        try:
            return await _migrate(connection, migrations(folder))
        finally:
            await connection.close()


async def require_current(dsn: str, folder: Path = MIGRATIONS) -> None:
    """Raises MigrationError unless the database has exactly this program's schema. Changes nothing."""
    async with translated():
        connection = await asyncpg.connect(dsn)
        try:
            supabase = await _look(connection)
            if not (await connection.fetchrow(statement("door/look")))["migrated"]:
                raise MigrationError("the database has no WE1WEB schema yet", hint="start `we1web up` on it once")
            applied = {row["name"]: row["checksum"] for row in await connection.fetch(statement("migrate/applied"))}
        finally:
            await connection.close()
    if missing := pending([migration for migration in migrations(folder) if migration.is_for(supabase)], applied):
        raise MigrationError(
            f"the database lacks {missing[0].name}", hint="start `we1web up` of this version on it once"
        )


async def _migrate(connection: asyncpg.Connection, known: list[Migration]) -> list[str]:
    supabase = await _look(connection)
    await connection.execute(statement("migrate/lock"), _LOCK)
    await connection.execute(statement("migrate/prepare"))
    applied = {row["name"]: row["checksum"] for row in await connection.fetch(statement("migrate/applied"))}
    missing = pending([migration for migration in known if migration.is_for(supabase)], applied)
    for migration in missing:
        await _apply(connection, migration)
    return [migration.name for migration in missing]


async def _look(connection: asyncpg.Connection) -> bool:
    found = await connection.fetchrow(statement("migrate/look"))
    if found["version"] < _OLDEST_SERVER:
        raise MigrationError("PostgreSQL 15 or newer is needed", hint="upgrade the server of DATABASE_URL")
    if not found["bypasses"]:
        raise MigrationError(
            "the role of DATABASE_URL may not bypass row-level security",
            hint="use a superuser or a role with BYPASSRLS that may create roles; users never run under it",
        )
    return bool(found["supabase"])


def pending(known: list[Migration], applied: dict[str, bytes]) -> list[Migration]:
    """What is still to be applied. Refuses a changed file, and a database that is ahead of this program."""
    names = {migration.name for migration in known}
    if ahead := sorted(applied.keys() - names):
        raise MigrationError(f"the database has {ahead[0]}, which this program does not know", hint="upgrade we1web")
    for migration in known:
        if applied.get(migration.name, migration.checksum) != migration.checksum:
            raise MigrationError(f"{migration.name} changed after it was applied", hint="add a new migration instead")
    return [migration for migration in known if migration.name not in applied]


async def _apply(connection: asyncpg.Connection, migration: Migration) -> None:
    try:
        async with connection.transaction():
            await connection.execute(migration.text)
            await connection.execute(statement("migrate/record"), migration.name, migration.checksum)
    except asyncpg.PostgresError as error:
        raise MigrationError(f"{migration.name} failed: {error}") from error
