"""Puts rows of one user into every table that users can see, so that others can be shown not to see them."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg

from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.ledger import post_many
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain import recipes
from we1web.domain.ledger import Actor, ActorKind

BY = Actor(ActorKind.LOOP, "test", "test")


@dataclass(frozen=True)
class Person:
    """A user with rows everywhere."""

    id: UUID
    key: int
    email: str
    node_id: UUID
    node_key: int
    job_id: UUID
    job_key: int


async def new_user(connection: asyncpg.Connection) -> tuple[UUID, int, str]:
    """A bare account, as a sign-up makes it. The trigger gives it a row in public.users."""
    email = f"{uuid4().hex}@example.com"
    user_id = await connection.fetchval(
        "insert into auth.users (email, encrypted_password) values ($1, 'x') returning id", email
    )
    return user_id, await connection.fetchval("select key from public.users where id = $1", user_id), email


async def new_node(connection: asyncpg.Connection, user_id: UUID, key: int) -> tuple[UUID, int]:
    row = await connection.fetchrow(
        "insert into nodes (owner_id, owner_key, name) values ($1, $2, 'n') returning id, key", user_id, key
    )
    return row["id"], row["key"]


async def new_job(connection: asyncpg.Connection, user_id: UUID, key: int) -> tuple[UUID, int]:
    row = await connection.fetchrow(
        """insert into jobs (requester_id, requester_key, name, runtime, runtime_id, program, entry, policy, strategy,
             price_micros, fee_micros, budget_micros, wall_ms, memory_bytes, output_bytes, instructions)
           values ($1, $2, 'j', 'wasm', 'wasm-1', sha256('p'), '', 'classic', 'round_robin', 10, 1, 1000, 1, 1, 1, 1)
           returning id, key""",
        user_id,
        key,
    )
    return row["id"], row["key"]


async def new_person(database: Database) -> Person:
    """A user with a row (at least) in every table that users can see."""
    async with database.transaction(SERVICE) as connection:
        user_id, key, email = await new_user(connection)
        node_id, node_key = await new_node(connection, user_id, key)
        job_id, job_key = await new_job(connection, user_id, key)
        person = Person(user_id, key, email, node_id, node_key, job_id, job_key)
        await _fill(connection, person)
        await _found_pool(connection, person)
        moves = [recipes.fund(str(job_id), user_id, 5_000), recipes.hold(job_id, user_id, 1_000)]
        await post_many(connection, moves, BY)
    return person


async def _fill(connection: asyncpg.Connection, person: Person) -> None:
    blob = uuid4().bytes * 2
    task_id = person.job_key << 20
    for command, arguments in (
        ("insert into api_tokens (user_id, name, scopes, digest) values ($1, 't', '{node}', $2)", (person.id, blob)),
        ("insert into idempotency_keys (user_id, key, route, fingerprint) values ($1, 'k', 'r', '')", (person.id,)),
        ("insert into node_reputations (node_key, runtime) values ($1, 'wasm-1')", (person.node_key,)),
        ("insert into node_totals (node_key, currency) values ($1, 'usd')", (person.node_key,)),
        ("insert into node_hours (node_key, hour, currency) values ($1, now(), 'usd')", (person.node_key,)),
        ("insert into preferences (user_id, version, document) values ($1, 1, '{}')", (person.id,)),
        ("insert into chunks (job_key, sequence, first_index, n, body) values ($1, 0, 0, 1, '')", (person.job_key,)),
        (
            "insert into tasks (id, job_key, index, state, flush) values ($1, $2, 0, 1, 1)",
            (task_id, person.job_key),
        ),
        (
            "insert into surplus_votes (task_id, node_key, job_key, flush) values ($1, $2, $3, 1)",
            (task_id, person.node_key, person.job_key),
        ),
        (
            """insert into disputes
                 (task_id, job_key, index, opened_at, resolved_at, how, nodes, digests, weights, paid)
               values ($1, $2, 0, now(), now(), 'panel', array[$3::bigint], array[sha256('a')], '{1}', '{false}')""",
            (task_id, person.job_key, person.node_key),
        ),
        (
            """insert into payout_accounts (user_id, rail, country, currency, destination, status)
               values ($1, 'manual', 'DE', 'eur', 'DE89370400440532013000', 'active')""",
            (person.id,),
        ),
        (
            """insert into payouts (user_id, account_id, rail, currency, gross_micros, fee_micros)
               select user_id, id, rail, currency, 10000, 0 from payout_accounts where user_id = $1""",
            (person.id,),
        ),
        (
            "insert into payout_plans (user_id, every, currency, threshold_micros) values ($1, 'never', 'eur', 0)",
            (person.id,),
        ),
        (
            "insert into fundings (user_id, rail, currency, amount_micros) values ($1, 'manual', 'eur', 10000)",
            (person.id,),
        ),
        (
            """insert into funding_refunds (funding_id, user_id, amount_micros)
               select id, user_id, 10000 from fundings where user_id = $1""",
            (person.id,),
        ),
        (
            """insert into money_events (user_id, actor_kind, actor_id, cause, subject_kind, subject_id, event)
               values ($1, 'user', 'test', 'test', 'payout', 'x', 'test')""",
            (person.id,),
        ),
        ("insert into contests (dispute_id, user_id) select max(id), $1 from disputes", (person.id,)),
        ("insert into blobs (digest, size) values ($1, 1)", (blob,)),
        ("insert into blob_owners (digest, user_id) values ($1, $2)", (blob, person.id)),
        ("insert into job_blobs (job_key, digest) values ($1, $2)", (person.job_key, blob)),
    ):
        await connection.execute(command, *arguments)


async def _found_pool(connection: asyncpg.Connection, person: Person) -> None:
    """A pool of one, in which something was shared."""
    pool = await connection.fetchval(
        """insert into pools (name, commission_bps, split, split_at, created_at)
           values ($1, 0, 'equal', now(), now()) returning id""",
        str(person.id),
    )
    await connection.execute(
        "insert into pool_members (pool_id, user_id, role, joined_at) values ($1, $2, 'owner', now())", pool, person.id
    )
    await connection.execute(
        """insert into pool_shares (upto, job_key, user_id, pool_id, currency, votes, gross_micros, commission_bps,
                                    split, commission_micros, pooled_micros)
           values (0, $1, $2, $3, 'usd', 1, 10, 0, 'equal', 0, 10)""",
        person.job_key,
        person.id,
        pool,
    )
