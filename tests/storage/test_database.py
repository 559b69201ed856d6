"""The door: commit and rollback, typed errors, JSON values, limits of the schema."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from tests.storage.rows import new_job, new_node, new_person, new_user

from we1web.coordinator.clock import random_bytes
from we1web.coordinator.storage import logins, secret_store
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.errors import Contended, DatabaseLost, TooManyNodes, translated
from we1web.coordinator.storage.principal import ANON, SERVICE, Principal, user
from we1web.coordinator.storage.statements import statement


async def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction(SERVICE) as connection:
            await secret_store.get_or_create(connection, "half", lambda: b"x")
            raise ZeroDivisionError
    async with database.transaction(SERVICE) as connection:
        assert await connection.fetchval(statement("secrets/get"), "half") is None


async def test_each_principal_has_its_role(database: Database) -> None:
    seen = []
    for principal in (SERVICE, ANON, user(uuid4())):
        async with database.transaction(principal) as connection:
            seen.append(tuple(await connection.fetchrow("select session_user::text, current_user::text")))
    assert seen == [("we1_service", "service_role"), ("we1_user", "anon"), ("we1_user", "authenticated")]


def test_principals_that_make_no_sense() -> None:
    for user_id, role in ((None, "authenticated"), (uuid4(), "service"), (uuid4(), "anon")):
        with pytest.raises(ValueError, match="principal"):
            Principal(user_id, role)  # type: ignore[arg-type]


async def test_a_dedicated_connection_is_the_service(database: Database) -> None:
    connection = await database.connect_service()
    assert await connection.fetchval("select current_user::text") == "service_role"
    assert await connection.fetchval("select $1::jsonb", {"a": [1, None]}) == {"a": [1, None]}
    await connection.close()
    with pytest.raises(DatabaseLost):
        async with translated(connection):
            await connection.fetchval("select 1")


async def test_an_error_of_a_statement_is_not_a_lost_database(database: Database) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        async with database.transaction(SERVICE) as connection:
            await connection.fetch("select * from nothing")


async def test_a_terminated_backend_is_a_lost_database_and_the_next_transaction_works(
    database: Database, database_dsn: str
) -> None:
    with pytest.raises(DatabaseLost) as lost:
        async with database.transaction(SERVICE) as connection:
            admin = await asyncpg.connect(database_dsn)
            await admin.fetchval("select pg_terminate_backend($1)", connection.get_server_pid())
            await admin.close()
            await connection.fetch("select pg_sleep(60)")
    assert lost.value.retryable
    async with database.transaction(SERVICE) as connection:
        assert await connection.fetchval("select 1") == 1


async def test_a_deadlock_is_contention(database: Database) -> None:
    people = [await new_person(database) for _ in range(2)]
    lock = "select 1 from users where id = $1 for update"
    barrier = asyncio.Barrier(2)

    async def cross(first: int, second: int) -> None:
        async with database.transaction(SERVICE) as connection:
            await connection.fetch(lock, people[first].id)
            await barrier.wait()
            await connection.fetch(lock, people[second].id)

    outcomes = await asyncio.gather(cross(0, 1), cross(1, 0), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Contended", "NoneType"]
    assert next(outcome for outcome in outcomes if isinstance(outcome, Contended)).retryable


async def test_a_secret_is_made_once(database: Database) -> None:
    async def ask(value: bytes) -> bytes:
        async with database.transaction(SERVICE) as connection:
            return await secret_store.get_or_create(connection, "shared", lambda: value)

    answers = await asyncio.gather(*(ask(random_bytes(8)) for _ in range(4)))
    assert len(set(answers)) == 1


async def test_an_account_has_at_most_100_nodes(database: Database) -> None:
    async with database.transaction(SERVICE) as connection:
        user_id, key, _ = await new_user(connection)
        for _ in range(100):
            node_id, _ = await new_node(connection, user_id, key)
    with pytest.raises(TooManyNodes):
        async with database.transaction(SERVICE) as connection:
            await new_node(connection, user_id, key)
    async with database.transaction(user(user_id)) as connection:
        await connection.execute("update nodes set status = 'retired' where id = $1", node_id)
    async with database.transaction(SERVICE) as connection:
        await new_node(connection, user_id, key)
    with pytest.raises(TooManyNodes):
        async with database.transaction(user(user_id)) as connection:
            await connection.execute("update nodes set status = 'active' where id = $1", node_id)


async def test_registrations_at_once_do_not_slip_past_the_limit(database: Database) -> None:
    async with database.transaction(SERVICE) as connection:
        user_id, key, _ = await new_user(connection)
        for _ in range(98):
            await new_node(connection, user_id, key)

    async def register() -> None:
        async with database.transaction(SERVICE) as connection:
            await new_node(connection, user_id, key)

    outcomes = await asyncio.gather(*(register() for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(outcome, TooManyNodes) for outcome in outcomes) == 4


async def test_a_job_cannot_spend_more_than_its_budget(database: Database) -> None:
    async with database.transaction(SERVICE) as connection:
        user_id, key, _ = await new_user(connection)
        _, job_key = await new_job(connection, user_id, key)
    with pytest.raises(asyncpg.CheckViolationError):
        async with database.transaction(SERVICE) as connection:
            await connection.execute("update jobs set spent_micros = budget_micros + 1 where key = $1", job_key)


def test_login_passwords_follow_from_the_admins() -> None:
    dsn = "postgresql://admin:secret@host/db"
    one, two = (logins.login(dsn, role) for role in (logins.USER_LOGIN, logins.SERVICE_LOGIN))
    assert one == logins.login(dsn, logins.USER_LOGIN)
    assert one.password != two.password
    assert one.password not in (None, logins.login("postgresql://admin:other@host/db", logins.USER_LOGIN).password)
    assert str(one.password) not in repr(one)
    assert logins.login("postgresql://postgres@/db?host=/tmp", logins.USER_LOGIN).password is None
