"""The same schema where the server is not ours: one that asks for passwords, and one laid out as Supabase does."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from tests.fixtures_postgres import reachable_folder
from tests.storage.rows import BY

from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.embedded import EmbeddedPostgres
from we1web.coordinator.storage.ledger import post_many
from we1web.coordinator.storage.migrate import migrate, migrations
from we1web.coordinator.storage.principal import ANON, SERVICE, user
from we1web.domain import recipes

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """A cluster of its own: roles belong to a whole cluster."""
    with reachable_folder() as folder:
        own = EmbeddedPostgres(folder)
        own.start()
        yield own
        own.stop()


async def execute(dsn: str, *commands: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for command in commands:
            await connection.execute(command)
    finally:
        await connection.close()


async def test_supabase_layout(server: EmbeddedPostgres) -> None:
    await execute(server.dsn, "create database project")
    root = server.dsn.replace("/postgres?", "/project?")
    admin = root.replace("postgres@", "project_admin@")
    await execute(root, (HERE / "supabase_like.sql").read_text())
    assert len(await migrate(admin)) == len(migrations()) - 1
    database = await Database.open(admin)
    people = [uuid4(), uuid4()]
    for person in people:
        await execute(root, f"insert into auth.users (id, email) values ('{person}', '{person}@example.com')")
        async with database.transaction(SERVICE) as connection:
            await post_many(connection, [recipes.fund(str(person), person, 1_000)], BY)
    for person in people:
        async with database.transaction(user(person)) as connection:
            assert [row["id"] for row in await connection.fetch("select id from users")] == [person]
            assert [row["user_id"] for row in await connection.fetch("select * from user_balances")] == [person]
    for principal, command in (
        (ANON, "select * from users"),
        (user(people[0]), "update users set is_operator = true"),
        (user(people[0]), "insert into jobs (name) values ('x')"),
        (user(people[0]), "set role service_role"),
        (user(people[0]), "select * from secrets"),
        (user(people[0]), "select * from auth.users"),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.transaction(principal) as connection:
                await connection.execute(command)
    await database.close()


async def test_a_server_that_asks_for_passwords(server: EmbeddedPostgres) -> None:
    """Our two logins get theirs from the admin's; opening again changes nothing; no other password works."""
    await execute(server.dsn, "create database guarded", "create role boss login superuser password 'pa:ss/w@rd'")
    rules = server.cluster / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text("local all postgres trust\nlocal all all scram-sha-256\n")
    await execute(server.dsn, "select pg_reload_conf()")
    dsn = server.dsn.replace("postgres@/postgres?", "boss:pa%3Ass%2Fw%40rd@/guarded?")
    try:
        await migrate(dsn)
        for _ in range(2):
            database = await Database.open(dsn)
            async with database.transaction(SERVICE) as connection:
                assert await connection.fetchval("select current_user::text") == "service_role"
            async with database.transaction(user(uuid4())) as connection:
                assert await connection.fetchval("select count(*) from users") == 0
            await (await database.connect_service()).close()
            await database.close()
        for role in ("we1_user", "we1_service"):
            with pytest.raises(asyncpg.InvalidPasswordError):
                await asyncpg.connect(server.dsn.replace("postgres@/postgres?", f"{role}:guess@/guarded?"))
    finally:
        rules.write_text(before)
        await execute(server.dsn, "select pg_reload_conf()")
