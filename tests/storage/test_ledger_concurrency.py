"""Many writers at once: money is spent once, nobody waits in a circle, and a fold loses nothing of a hot account."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from uuid import UUID, uuid4

import pytest_asyncio
from tests.storage.rows import BY

from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.ledger import InsufficientFunds, post_many
from we1web.coordinator.storage.principal import SERVICE
from we1web.domain import recipes, transfers
from we1web.domain.ledger import AccountKind, AccountRef, Posting, Transaction
from we1web.domain.transfers import Payout

WRITERS = 20


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def crowd(database_dsn: str) -> AsyncIterator[Database]:
    """A door wide enough that the database, not our pool, decides who waits."""
    opened = await Database.open(database_dsn, user_connections=1, service_connections=WRITERS + 4)
    try:
        yield opened
    finally:
        await opened.close()


async def send(database: Database, *transactions: Transaction) -> list[str]:
    async with database.transaction(SERVICE) as connection:
        return await post_many(connection, transactions, BY)


async def balance(database: Database, kind: str, currency: str) -> int:
    async with database.transaction(SERVICE) as connection:
        found: int = await connection.fetchval(
            "select sum(balance)::bigint from ledger.balances where kind = $1 and currency = $2", kind, currency
        )
    return found


async def sound(database: Database) -> bool:
    """Sums to zero, every balance is the sum of its entries, and nothing is appended twice or to a wrong account."""
    async with database.transaction(SERVICE) as connection:
        sums = await connection.fetch("select sum(balance) as s from ledger.balances group by currency")
        drifted = await connection.fetchval(
            """select count(*) from ledger.balances a where balance <>
                 (select coalesce(sum(amount), 0) from ledger.entries e where e.account_id = a.id)"""
        )
    return not drifted and not any(row["s"] for row in sums)


def move(source: AccountRef, target: AccountRef, amount: int) -> Transaction:
    return Transaction(f"move:{uuid4()}", "move", (Posting(source, -amount), Posting(target, amount)))


def back(transaction: Transaction) -> Transaction:
    (source, _), (target, amount) = transaction.postings
    return move(target, source, amount)


def payout(owner: UUID, micros: int, currency: str) -> Payout:
    return Payout(uuid4(), owner, "manual", currency, micros, 0)


def refused(outcomes: Sequence[object]) -> Counter[str]:
    return Counter(type(outcome).__name__ for outcome in outcomes if isinstance(outcome, BaseException))


async def test_of_fifty_payouts_of_the_same_earnings_one_happens(crowd: Database) -> None:
    owner, job = uuid4(), uuid4()
    await send(crowd, recipes.fund("double", owner, 1_000, "aaa"), recipes.hold(job, owner, 1_000, "aaa"))
    await send(crowd, recipes.settle(job, 1, {owner: 1_000}, 0, currency="aaa"))
    wanted = [transfers.request_payout(payout(owner, 600, "aaa")) for _ in range(50)]
    outcomes = await asyncio.gather(*(send(crowd, one) for one in wanted), return_exceptions=True)
    assert refused(outcomes) == {InsufficientFunds.__name__: 49}
    assert await balance(crowd, "earnings", "aaa") == 400
    assert await balance(crowd, "in_flight", "aaa") == 600
    assert await sound(crowd)


async def test_hundreds_of_opposite_transfers_between_the_same_accounts(crowd: Database) -> None:
    """Batches name their accounts in opposite orders; every transfer comes with its way back in another batch."""
    people = [uuid4() for _ in range(6)]
    await send(crowd, *[recipes.fund(f"rich {n}", person, 100_000, "bbb") for n, person in enumerate(people)])
    accounts = [AccountRef(AccountKind.WALLET, owner=person, currency="bbb") for person in people]
    pairs = [(a, b) for a in accounts for b in accounts if a != b]
    batches = [[move(a, b, 7) for a, b in pairs[:: 1 if n % 2 else -1][n % 5 :: 3]] for n in range(60)]
    batches += [[back(one) for one in batch] for batch in batches]
    assert sum(map(len, batches)) > 1_000
    outcomes = await asyncio.gather(*(send(crowd, *batch) for batch in batches), return_exceptions=True)
    assert not refused(outcomes)
    assert await balance(crowd, "wallet", "bbb") == 600_000
    async with crowd.transaction(SERVICE) as connection:
        rows = await connection.fetch("select balance from ledger.accounts where kind = 'wallet' and currency = 'bbb'")
    assert [row["balance"] for row in rows] == [100_000] * 6
    assert await sound(crowd)


async def test_fees_are_credited_debited_and_folded_at_once(crowd: Database) -> None:
    """Twenty writers append, two take from it, two fold: what is left is what was put in less what was taken."""
    jobs, requester, right = [uuid4() for _ in range(WRITERS)], uuid4(), uuid4()
    await send(crowd, recipes.fund("fees", requester, 10**9, "ccc"))
    await send(crowd, *[recipes.hold(job, requester, 10_000, "ccc") for job in jobs])
    # Enough for the earliest debits; later ones live on what comes in.
    await send(crowd, recipes.settle(jobs[0], 0, {}, 300, currency="ccc"))

    async def append(job: UUID) -> None:
        for batch in range(1, 16):
            await send(crowd, recipes.settle(job, batch, {right: 9}, 10, currency="ccc"))

    async def take(dispute: int) -> int:
        taken = 0
        for number in range(40):
            try:
                await send(crowd, recipes.compensate(jobs[0], dispute + number, right, 25, currency="ccc"))
                taken += 25
            except InsufficientFunds:
                continue
        return taken

    async def fold() -> int:
        folded = 0
        for _ in range(60):
            async with crowd.transaction(SERVICE) as connection:
                folded += await connection.fetchval("select ledger.fold()")
        return folded

    workers = [*map(append, jobs), take(1_000), take(2_000), fold(), fold()]
    *_, first, second, one, other = await asyncio.gather(*workers)
    assert first + second > 0 and one + other > 0
    assert await balance(crowd, "fees", "ccc") == 300 + WRITERS * 15 * 10 - first - second >= 0
    assert await balance(crowd, "earnings", "ccc") == WRITERS * 15 * 9 + first + second
    assert await sound(crowd)
    async with crowd.transaction(SERVICE) as connection:
        await connection.fetchval("select ledger.fold()")
        assert await connection.fetchval("select count(*) from ledger.unfolded") == 0
    assert await sound(crowd)


async def test_two_debits_of_the_last_fees_are_not_both_served(crowd: Database) -> None:
    job, owner = uuid4(), uuid4()
    await send(crowd, recipes.fund("last", owner, 1_000, "ddd"), recipes.hold(job, owner, 1_000, "ddd"))
    await send(crowd, recipes.settle(job, 1, {}, 100, currency="ddd"))
    wanted = [recipes.compensate(job, number, owner, 60, currency="ddd") for number in range(WRITERS)]
    outcomes = await asyncio.gather(*(send(crowd, one) for one in wanted), return_exceptions=True)
    assert refused(outcomes) == {InsufficientFunds.__name__: WRITERS - 1}
    assert await balance(crowd, "fees", "ddd") == 40
    assert await sound(crowd)
