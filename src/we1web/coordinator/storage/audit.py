"""Derives every figure of money once more, from what it should follow from, and tells where the two differ.

One snapshot that reads only, so it may run while a coordinator works. Each check is one statement in sql/audit/ whose
rows are the differences; they are streamed, so a million tasks need no more memory than ten. It must never repair.
"""

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

import asyncpg

from we1web.coordinator.storage.statements import statement

CHECKS = (
    "accounts",
    "appended",
    "transactions",
    "entries",
    "currencies",
    "balances",
    "holds",
    "escrows",
    "spent",
    "settlements",
    "pools",
    "nodes",
    "contests",
    "in_flight",
    "payouts",
    "fundings",
    "chargebacks",
    "rails",
    "exchanges",
)
"""The names of their statements."""
LEDGER_CHECKS = CHECKS[:6]
"""Those that need nothing but the ledger itself."""
RAIL_CHECKS = ("in_flight", "payouts", "fundings", "chargebacks", "rails", "exchanges")
"""Those of money that comes in and goes out."""


class Difference(NamedTuple):
    """One figure that is not what it follows from."""

    check: str
    place: str
    currency: str
    """Empty where entries are counted."""
    expected: int
    found: int

    @property
    def micros(self) -> int:
        return abs(self.found - self.expected)


class Size(NamedTuple):
    """How much was looked at."""

    accounts: int
    transactions: int
    entries: int
    tasks: int
    jobs: int


async def size(connection: asyncpg.Connection) -> Size:
    return Size(*await connection.fetchrow(statement("audit/size")))


async def differences(connection: asyncpg.Connection, checks: Sequence[str] = CHECKS) -> AsyncIterator[Difference]:
    """Every difference, check by check. Inside Database.snapshot(), so that all are of one moment."""
    for check in checks:
        async for row in connection.cursor(statement(f"audit/{check}"), prefetch=500):
            yield Difference(check, row["place"], row["currency"], row["expected"], row["found"])
