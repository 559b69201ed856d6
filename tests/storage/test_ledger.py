"""The ledger refuses what is wrong, posts once per key, and stands concurrency without deadlocks."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest
from tests.storage.rows import BY, Person, new_person

from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.ledger import InsufficientFunds, LedgerKeyReused, post, post_many
from we1web.coordinator.storage.principal import SERVICE, user
from we1web.domain import recipes
from we1web.domain.ledger import AccountKind, AccountRef, Posting, Transaction


def wallet(owner: UUID) -> AccountRef:
    return AccountRef(AccountKind.WALLET, owner=owner)


def move(source: UUID, target: UUID, amount: int, key: str | None = None) -> Transaction:
    postings = (Posting(wallet(source), -amount), Posting(wallet(target), amount))
    return Transaction(key or f"move:{uuid4()}", "move", postings)


async def send(database: Database, *transactions: Transaction) -> list[str]:
    async with database.transaction(SERVICE) as connection:
        return await post_many(connection, transactions, BY)


async def funded(database: Database, amount: int) -> UUID:
    owner = uuid4()
    await send(database, recipes.fund(str(owner), owner, amount))
    return owner


async def balance(database: Database, owner: UUID, kind: str = "wallet") -> int:
    async with database.transaction(SERVICE) as connection:
        found: int | None = await connection.fetchval(
            "select balance from ledger.accounts where owner_id = $1 and kind = $2", owner, kind
        )
    return found or 0


async def sound(database: Database) -> bool:
    """Sums to zero, and every balance is the sum of its entries."""
    async with database.transaction(SERVICE) as connection:
        total = await connection.fetchval("select coalesce(sum(balance), 0) from ledger.balances")
        drifted = await connection.fetchval(
            """select count(*) from ledger.balances a where balance <>
                 (select coalesce(sum(amount), 0) from ledger.entries e where e.account_id = a.id)"""
        )
    return total == 0 and drifted == 0


async def test_a_job_from_funding_to_refund(database: Database) -> None:
    requester, node_owner = await new_person(database), await new_person(database)
    settle = recipes.settle(requester.job_id, 1, {node_owner.id: 90}, 10)
    refund = recipes.refund(requester.job_id, requester.id, 900)
    assert await send(database, settle, refund) == [settle.key, refund.key]
    async with database.transaction(user(requester.id)) as connection:
        rows = [dict(row) for row in await connection.fetch("select * from user_balances")]
    amounts = {"wallet_micros": 4_900, "earnings_micros": 0, "held_micros": 0, "debt_micros": 0}
    assert rows == [{"user_id": requester.id, "currency": "usd", **amounts}]
    assert await balance(database, node_owner.id, "earnings") == 90
    assert await sound(database)


async def test_balances_show_what_is_held(database: Database) -> None:
    person = await new_person(database)
    async with database.transaction(SERVICE) as connection:
        row = await connection.fetchrow("select * from user_balances where user_id = $1", person.id)
    assert (row["wallet_micros"], row["held_micros"]) == (4_000, 1_000)


async def test_a_key_is_posted_once(database: Database) -> None:
    owner, other = await funded(database, 100), uuid4()
    transaction = move(owner, other, 30)
    assert await send(database, transaction) == [transaction.key]
    assert await send(database, transaction) == []
    async with database.transaction(SERVICE) as connection:
        assert not await post(connection, transaction, BY)
    assert await balance(database, owner) == 70


async def test_a_key_used_for_something_else_is_refused(database: Database) -> None:
    owner, other = await funded(database, 100), uuid4()
    await send(database, move(owner, other, 30, "same key"))
    with pytest.raises(LedgerKeyReused):
        await send(database, move(owner, other, 31, "same key"))
    assert await balance(database, owner) == 70


async def test_replayed_and_fresh_transactions_in_one_batch(database: Database) -> None:
    owner, other = await funded(database, 100), uuid4()
    old, new = move(owner, other, 10), move(owner, other, 20)
    await send(database, old)
    assert await send(database, new, old) == [new.key]
    assert (await balance(database, owner), await balance(database, other)) == (70, 30)


async def test_overdraft_is_refused_and_nothing_of_the_batch_happens(database: Database) -> None:
    owner, other = await funded(database, 100), uuid4()
    with pytest.raises(InsufficientFunds):
        await send(database, move(owner, other, 60), move(owner, other, 41))
    assert (await balance(database, owner), await balance(database, other)) == (100, 0)
    assert await sound(database)


async def test_unbalanced_is_refused_by_the_database_itself(database: Database, database_dsn: str) -> None:
    """Even for a superuser who goes past the function."""
    person = await new_person(database)
    connection = await asyncpg.connect(database_dsn)
    try:
        for entries in (
            "select t.id, 1, 2, a.id, 5 from t, a",
            "select t.id, s, 2, a.id, 5 from t, a, generate_series(1, 2) s",
        ):
            with pytest.raises(asyncpg.CheckViolationError, match="does not balance"):
                await connection.execute(
                    f"""with t as (insert into ledger.transactions
                            (key, kind, fingerprint, n, actor_kind, actor_id, cause)
                          values ('raw', 'raw', sha256('raw'), 2, 'loop', 'test', 'test') returning id),
                        a as (select id from ledger.accounts where owner_id = '{person.id}')
                        insert into ledger.entries (transaction_id, seq, n, account_id, amount) {entries}"""
                )
    finally:
        await connection.close()


async def test_cross_currency_does_not_balance(database: Database) -> None:
    owner = await funded(database, 100)
    arguments = (
        ["x"],
        ["x"],
        [b"\0" * 32],
        [{}],
        [1, 1],
        ["wallet"] * 2,
        [owner] * 2,
        [None] * 2,
        [None] * 2,
        [None] * 2,
        ["usd", "eur"],
        [-5, 5],
        *BY,
    )
    with pytest.raises(asyncpg.CheckViolationError, match="does not balance"):
        async with database.transaction(SERVICE) as connection:
            await connection.fetch(
                "select ledger.post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)", *arguments
            )


@pytest.mark.parametrize(
    "command",
    [
        "update ledger.entries set amount = 1",
        "delete from ledger.entries",
        "truncate ledger.entries cascade",
        "update ledger.transactions set kind = 'x'",
        "delete from ledger.transactions",
        "truncate ledger.transactions cascade",
        "truncate ledger.accounts cascade",
        "delete from ledger.accounts",
        "insert into ledger.entries values (0, 1, 2, (select min(id) from ledger.accounts), 5)",
        "with made as (insert into ledger.transactions (key, kind, fingerprint, n, actor_kind, actor_id, cause)"
        " values ('x', 'x', sha256(''), 2, 'loop', '', '') returning id)"
        " insert into ledger.entries select id, 1, 2, -1, 5 from made",
        "insert into ledger.entries select transaction_id, 3, 3, account_id, 5 from ledger.entries limit 1",
        "insert into ledger.entries select transaction_id, 3, n, account_id, 5 from ledger.entries limit 1",
        "insert into ledger.entries select transaction_id, 1, n, account_id, 5 from ledger.entries limit 1",
    ],
)
async def test_posted_rows_are_immutable_even_for_a_superuser(
    database: Database, database_dsn: str, command: str
) -> None:
    await new_person(database)
    connection = await asyncpg.connect(database_dsn)
    try:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await connection.execute(command)
    finally:
        await connection.close()


async def test_opposite_moves_do_not_deadlock(database: Database) -> None:
    people = [await funded(database, 10_000) for _ in range(4)]
    pairs = [(people[i % 4], people[(i * 7 + 1) % 4]) for i in range(120)]
    await asyncio.gather(*(send(database, move(a, b, 3)) for a, b in pairs if a != b))
    assert sum([await balance(database, person) for person in people]) == 40_000
    assert await sound(database)


async def test_batches_over_the_same_new_accounts_do_not_deadlock(database: Database) -> None:
    rich, newcomers = await funded(database, 10_000), [uuid4() for _ in range(10)]
    batches = [[move(rich, newcomer, 1) for newcomer in newcomers[:: 1 if i % 2 else -1]] for i in range(20)]
    await asyncio.gather(*(send(database, *batch) for batch in batches))
    assert [await balance(database, newcomer) for newcomer in newcomers] == [20] * 10


async def test_the_same_money_is_spent_once(database: Database) -> None:
    owner = await funded(database, 1_000)
    outcomes = await asyncio.gather(
        *(send(database, move(owner, uuid4(), 600)) for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(outcome, InsufficientFunds) for outcome in outcomes) == 7
    assert await balance(database, owner) == 400


async def test_the_same_key_at_once_is_applied_once(database: Database) -> None:
    owner, other = await funded(database, 1_000), uuid4()
    transaction = move(owner, other, 100)
    outcomes = await asyncio.gather(*(send(database, transaction) for _ in range(8)))
    assert sorted(map(len, outcomes)) == [0] * 7 + [1]
    assert await balance(database, other) == 100


async def test_users_see_their_own_entries_of_a_shared_transaction(database: Database) -> None:
    requester, first, second = [await new_person(database) for _ in range(3)]
    await send(database, recipes.settle(requester.job_id, 1, {first.id: 40, second.id: 50}, 10))

    async def amounts(person: Person) -> list[int]:
        async with database.transaction(user(person.id)) as connection:
            rows = await connection.fetch(
                """select e.amount from ledger.entries e join ledger.transactions t on t.id = e.transaction_id
                    where t.kind = 'settle'"""
            )
        return [row["amount"] for row in rows]

    assert [await amounts(person) for person in (requester, first, second)] == [[-100], [40], [50]]
