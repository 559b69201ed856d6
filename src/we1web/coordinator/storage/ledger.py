"""Posts balanced transactions to the ledger tables. Idempotent by key; it must never compute what a posting should be.

Call it once per database transaction: accounts are locked in id order, so two callers never wait for each other.
"""

from collections.abc import Sequence

import asyncpg

from we1web.coordinator.storage.errors import DatabaseError
from we1web.coordinator.storage.statements import statement
from we1web.domain.ledger import Actor, Transaction
from we1web.protocol.errors import We1webError


class InsufficientFunds(We1webError):
    """An account would fall below zero."""

    code = "insufficient_funds"
    hint = "add funds, or lower the budget"


class LedgerKeyReused(DatabaseError):
    """The key of a posted transaction came again with other postings: a bug of the caller, never applied."""

    code = "ledger_key_reused"


async def post(connection: asyncpg.Connection, transaction: Transaction, by: Actor) -> bool:
    """Posts one transaction; False when its key had been posted before (then nothing happens)."""
    return bool(await post_many(connection, [transaction], by))


async def post_many(connection: asyncpg.Connection, transactions: Sequence[Transaction], by: Actor) -> list[str]:
    """Posts all of them in one round trip, all or nothing; returns the keys that were not posted before.

    `by` is kept with each: who moved the money, and why. Raises InsufficientFunds, LedgerKeyReused.
    """
    if not transactions:
        return []
    assert len({t.key for t in transactions}) == len(transactions), "one batch must not use a ledger key twice"
    try:
        rows = await connection.fetch(statement("ledger/post"), *_headers(transactions), *_postings(transactions), *by)
    except asyncpg.CheckViolationError as error:
        if error.constraint_name == "accounts_not_overdrawn":
            raise InsufficientFunds("the account does not hold that much") from None
        raise
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == "transactions_key_reused":
            raise LedgerKeyReused(str(error)) from None
        raise
    return [row["key"] for row in rows]


def _headers(transactions: Sequence[Transaction]) -> tuple[list[object], ...]:
    return (
        [t.key for t in transactions],
        [t.kind for t in transactions],
        [t.fingerprint for t in transactions],
        [dict(t.meta) for t in transactions],
    )


def _postings(transactions: Sequence[Transaction]) -> tuple[list[object], ...]:
    rows = [(position, posting) for position, t in enumerate(transactions, 1) for posting in t.postings]
    return (
        [position for position, _ in rows],
        [p.account.kind.value for _, p in rows],
        [p.account.owner for _, p in rows],
        [p.account.job for _, p in rows],
        [p.account.pool for _, p in rows],
        [p.account.rail for _, p in rows],
        [p.account.currency for _, p in rows],
        [p.amount for _, p in rows],
    )
