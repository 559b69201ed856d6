"""Raw SQL as one user shows and changes nothing of another's, and cannot become anybody else."""

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from tests.storage.rows import Person, new_person

from we1web.coordinator.storage import seal
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import ANON, SERVICE, user

SCHEMAS = ["public", "auth", "ledger", "we1_private"]
DENIED = asyncpg.InsufficientPrivilegeError


@pytest_asyncio.fixture(scope="module")
async def people(database: Database) -> tuple[Person, Person]:
    """A, who owns something of everything, and B, who does too."""
    return await new_person(database), await new_person(database)


@pytest_asyncio.fixture(scope="module")
async def admin(database_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_dsn)
    yield connection
    await connection.close()


async def relations(admin: asyncpg.Connection, *kinds: str) -> list[str]:
    rows = await admin.fetch(
        """select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = any($1) and c.relkind::text = any($2) order by 1""",
        SCHEMAS,
        list(kinds),
    )
    return [row["name"] for row in rows]


async def visible(admin: asyncpg.Connection, role: str) -> list[str]:
    """Tables and views of which the role may read at least one column."""
    names = await relations(admin, "r", "p", "v", "m")
    return [n for n in names if await admin.fetchval("select has_any_column_privilege($1, $2, 'select')", role, n)]


async def test_every_table_has_forced_row_level_security_and_a_policy(admin: asyncpg.Connection) -> None:
    rows = await admin.fetch(
        """select c.oid::regclass::text as name, c.relrowsecurity, c.relforcerowsecurity,
                  (select count(*) from pg_policy p where p.polrelid = c.oid) as policies
             from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind in ('r', 'p')"""
    )
    assert len(rows) > 20
    lacking = [r["name"] for r in rows if not (r["relrowsecurity"] and r["relforcerowsecurity"] and r["policies"])]
    assert lacking == [], "enable and force row level security on these tables, and write a policy"


async def test_policies_call_auth_uid_once_per_query(admin: asyncpg.Connection) -> None:
    """`(select auth.uid())` is evaluated once; a bare call once per row."""
    rows = await admin.fetch("select schemaname, tablename, policyname, qual, with_check from pg_policies")
    bare = [
        f"{r['tablename']}.{r['policyname']}"
        for r in rows
        for text in (r["qual"], r["with_check"])
        if text and text.count("auth.uid()") != text.lower().count("select auth.uid()")
    ]
    assert bare == []


async def test_views_see_with_the_eyes_of_who_asks(admin: asyncpg.Connection) -> None:
    rows = await admin.fetch("select oid::regclass::text as name, reloptions from pg_class where relkind in ('v', 'm')")
    ours = [r for r in rows if not r["name"].startswith(("pg_", "information_schema."))]
    assert [r["name"] for r in ours if "security_invoker=true" not in (r["reloptions"] or [])] == []


async def test_functions_of_the_owner_pin_their_search_path_and_are_closed(admin: asyncpg.Connection) -> None:
    rows = await admin.fetch(
        """select p.oid::regprocedure::text as name, p.prosecdef, p.proconfig,
                  has_function_privilege('authenticated', p.oid, 'execute') as open
             from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = any($1)""",
        SCHEMAS,
    )
    assert [r["name"] for r in rows if not any("search_path" in c for c in r["proconfig"] or [])] == []
    # trigger functions without SECURITY DEFINER may be open: they cannot be called
    opened = {r["name"] for r in rows if r["prosecdef"] and r["open"]}
    assert opened == {"auth.jwt()"}


async def test_the_owner_sees_rows_in_every_visible_table(
    database: Database, people: tuple[Person, Person], admin: asyncpg.Connection
) -> None:
    """If this fails for a new table, add a row of it to rows.py: otherwise the next test proves nothing for it."""
    owner, _ = people
    async with database.transaction(user(owner.id)) as connection:
        counts = {
            name: await connection.fetchval(f"select count(*) from {name}")
            for name in await visible(admin, "authenticated")
        }
    assert [name for name, count in counts.items() if count == 0] == []
    assert len(counts) >= 14


async def test_others_see_the_same_as_if_it_were_not_there(
    database: Database, people: tuple[Person, Person], admin: asyncpg.Connection
) -> None:
    owner, _ = people
    stranger = await new_person(database)
    for name in await visible(admin, "authenticated"):
        mine, theirs = set(), set()
        for who, rows in ((owner, mine), (stranger, theirs)):
            async with database.transaction(user(who.id)) as connection:
                columns = await readable_columns(admin, name)
                rows.update(str(dict(row)) for row in await connection.fetch(f"select {columns} from {name}"))
        assert mine and theirs, name
        assert not mine & theirs, f"{name} shows a row to two users"


async def readable_columns(admin: asyncpg.Connection, name: str) -> str:
    rows = await admin.fetch(
        """select quote_ident(attname) as name from pg_attribute where attrelid = $1::regclass and attnum > 0
              and not attisdropped and has_column_privilege('authenticated', attrelid, attnum, 'select')""",
        name,
    )
    return ", ".join(row["name"] for row in rows)


async def test_a_newcomer_and_nobody_see_nothing(
    database: Database, people: tuple[Person, Person], admin: asyncpg.Connection
) -> None:
    from uuid import uuid4

    for name in await visible(admin, "authenticated"):
        async with database.transaction(user(uuid4())) as connection:
            assert await connection.fetchval(f"select count(*) from {name}") == 0, name
        with pytest.raises(DENIED):
            async with database.transaction(ANON) as connection:
                await connection.fetch(f"select count(*) from {name}")


async def test_hidden_tables_are_closed_to_users(
    database: Database, people: tuple[Person, Person], admin: asyncpg.Connection
) -> None:
    seen = set(await visible(admin, "authenticated"))
    hidden = [name for name in await relations(admin, "r", "p") if name not in seen]
    known = {"secrets", "vote_log", "auth.users", "auth.sessions", "auth.refresh_tokens", "we1_private.seal"}
    money = {"payout_batches", "rail_notices", "rail_movements", "rail_checks", "fx_rates", "ledger.unfolded"}
    assert known | money <= set(hidden)
    for name in hidden:
        with pytest.raises(DENIED):
            async with database.transaction(user(people[1].id)) as connection:
                await connection.fetch(f"select * from {name}")


@pytest.mark.parametrize(
    "command",
    [
        "set role service_role",
        "set local role service_role",
        "set role we1_service",
        "set role postgres",
        "set session authorization postgres",
        "set session authorization we1_service",
        "select set_config('role', 'service_role', true)",
        "select set_config('role', 'postgres', true)",
        "select set_config('session_authorization', 'postgres', true)",
        "reset role; set role service_role",
        "reset role; select * from public.jobs",
        "reset role; select * from public.secrets",
        "reset session authorization; select * from public.jobs",
        "set role anon; select * from public.jobs",
        "alter role we1_user superuser",
        "grant service_role to authenticated",
        "create role thief superuser",
        "alter table public.jobs disable row level security",
        "drop policy own on public.jobs",
        "create policy everything on public.jobs using (true)",
        "set session_replication_role = replica",
        "select * from we1_private.seal",
        "reset role; select * from we1_private.seal",
        "reset role; select we1_private.hmac('x')",
        "reset role; select we1_private.seal_of('{}')",
        "select we1_private.enter('{}', '')",
        "reset role; select we1_private.enter('{}', '')",
        "reset role; select we1_private.enter('{}', null)",
        "create table public.mine ()",
        "create schema mine",
        "create function public.f() returns int language sql as 'select 1'",
        "create or replace function auth.uid() returns uuid language sql as 'select null::uuid'",
        "copy public.users to program 'cat'",
        "copy public.users to '/tmp/users'",
        "select pg_read_file('postgresql.conf')",
        "select pg_ls_dir('.')",
        "select lo_import('/etc/passwd')",
        "insert into public.users (id, email) select gen_random_uuid(), 'x'",
        "update public.users set is_operator = true",
        "update public.users set email = 'x'",
        "delete from public.users",
        "insert into public.api_tokens (user_id, name, scopes, digest) select auth.uid(), 't', '{jobs}', sha256('x')",
        "select digest from public.api_tokens",
        "update public.nodes set owner_id = gen_random_uuid()",
        "update public.nodes set speed = 1",
        "update public.jobs set budget_micros = 10",
        "insert into public.tasks (id, job_key, index, state, flush) values (1, 1, 1, 1, 1)",
        "update public.node_reputations set passes = 1000",
        "update ledger.accounts set balance = 10",
        "insert into ledger.accounts (kind, currency) values ('wallet', 'eur')",
        "insert into ledger.transactions (key, kind, fingerprint, n) values ('k', 'k', sha256('x'), 2)",
        "select ledger.post('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '', '', '')",
        "select ledger.fold()",
        "select pg_reload_conf()",
    ],
)
async def test_what_a_user_may_not_do(database: Database, people: tuple[Person, Person], command: str) -> None:
    with pytest.raises((DENIED, asyncpg.InvalidParameterValueError)):
        async with database.transaction(user(people[1].id)) as connection:
            await connection.execute(command)


async def test_changes_reach_own_rows_only(database: Database, people: tuple[Person, Person]) -> None:
    owner, other = people
    async with database.transaction(user(other.id)) as connection:
        assert await connection.execute("update public.nodes set name = 'mine'") == "UPDATE 1"
        assert (
            await connection.execute("update public.nodes set name = 'taken' where id = $1", owner.node_id)
            == "UPDATE 0"
        )
        assert await connection.execute("update public.users set display_name = 'B'") == "UPDATE 1"
    async with database.transaction(SERVICE) as connection:
        assert await connection.fetchval("select name from nodes where id = $1", owner.node_id) == "n"


FORGERIES = [
    "select set_config('request.jwt.claims', $1, true)",
    "select set_config('request.jwt.claim', $1, true)",
    "select set_config('request.jwt.claims', $1, true), set_config('request.jwt.seal', '', true)",
    "select set_config('request.jwt.claims', $1, false)",
]


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_forged_claims_open_nothing(database: Database, people: tuple[Person, Person], forgery: str) -> None:
    owner, other = people
    async with database.transaction(user(other.id)) as connection:
        assert await connection.fetchval("select id from public.users") == other.id
        await connection.execute("discard plans")
        await connection.fetchval(forgery, seal.claims_of(owner.id))
        assert await connection.fetchval("select count(*) from public.users where id = $1", owner.id) == 0
        assert await connection.fetchval("select count(*) from public.jobs where requester_id = $1", owner.id) == 0
    async with database.transaction(user(other.id)) as connection:
        assert await connection.fetchval("select id from public.users") == other.id


async def test_a_seal_is_no_proof_and_serves_no_other_transaction(
    database: Database, people: tuple[Person, Person]
) -> None:
    owner, other = people
    async with database.transaction(user(other.id)) as connection:
        stolen = await connection.fetchval("select current_setting('request.jwt.seal')")
        claims = await connection.fetchval("select current_setting('request.jwt.claims')")
    for proof in (stolen, "", "00"):
        with pytest.raises(DENIED):
            async with database.transaction(ANON) as connection:
                await connection.execute("reset role")
                await connection.fetchval("select we1_private.enter($1, $2)", seal.claims_of(owner.id), proof)
    async with database.transaction(user(other.id)) as connection:
        for name, value in (("request.jwt.claims", claims), ("request.jwt.seal", stolen)):
            await connection.fetchval("select set_config($1, $2, true)", name, value)
        assert await connection.fetchval("select auth.uid()") is None


async def test_nothing_of_a_transaction_stays_on_its_connection(
    database: Database, people: tuple[Person, Person]
) -> None:
    for _ in range(8):
        async with database.transaction(user(people[0].id)) as connection:
            assert await connection.fetchval("select auth.uid()") == people[0].id
        async with database.transaction(ANON) as connection:
            assert await connection.fetchval("select auth.uid()") is None
            assert await connection.fetchval("select current_user::text") == "anon"


async def test_auth_functions_answer_from_sealed_claims(database: Database, people: tuple[Person, Person]) -> None:
    async with database.transaction(user(people[0].id)) as connection:
        row = await connection.fetchrow("select auth.uid() as uid, auth.role() as role, auth.jwt() as jwt")
    expected: dict[str, Any] = json.loads(seal.claims_of(people[0].id))
    assert (row["uid"], row["role"], row["jwt"]) == (people[0].id, "authenticated", expected)


async def test_the_service_cannot_touch_the_ledger_but_through_its_door(
    database: Database, people: tuple[Person, Person]
) -> None:
    for command in (
        "update ledger.accounts set balance = 0",
        "insert into ledger.accounts (kind, currency) values ('fees', 'eur')",
        "insert into ledger.transactions (key, kind, fingerprint, n) values ('k', 'k', sha256('x'), 2)",
        "insert into ledger.entries values (1, 1, 1, 1, 1)",
        "delete from ledger.entries",
        "truncate ledger.entries",
    ):
        with pytest.raises(DENIED):
            async with database.transaction(SERVICE) as connection:
                await connection.execute(command)
