"""A pool's pots split among its members: in the transaction that holds the pool locked, before its members change.

Who is a member when money goes into a pot is a member when it is split: it must never run without that lock.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from we1web.coordinator.storage.statements import statement
from we1web.domain import pools, recipes
from we1web.domain.ledger import Transaction


async def split_pots(tx: asyncpg.Connection, pool: asyncpg.Record, now: datetime) -> list[Transaction]:
    """To be posted in this transaction: one for each currency. `pool` is the locked row."""
    pots = await tx.fetch(statement("pools/funds"), pool["id"], "pot")
    members = [row["user_id"] for row in await tx.fetch(statement("pools/members"), pool["id"])] if pots else []
    given, turn = shares(pool, [(row["currency"], row["balance"]) for row in pots], members)
    await tx.execute(statement("pools/shared"), pool["id"], bool(pots), turn, now)
    return given


def shares(
    pool: asyncpg.Record, pots: Sequence[tuple[str, int]], members: Sequence[UUID]
) -> tuple[list[Transaction], int]:
    """A distribution of each pot, and whose turn is next."""
    given, turn = [], pool["turn"]
    for currency, amount in pots:
        parts, turn = pools.split(amount, members, turn)
        given.append(recipes.distribute(pool["id"], pool["rounds"] + 1, parts, currency))
    return given, turn
