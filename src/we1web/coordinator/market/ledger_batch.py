"""Settles the books: counts, a ledger transaction per job, pools, refunds of ended jobs, the mark against crashes."""

from collections.abc import Mapping

import asyncpg

from we1web.coordinator.market import pooling
from we1web.coordinator.market.books import Books
from we1web.coordinator.market.registry import Registry
from we1web.coordinator.market.tallies import write_tallies
from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.statements import statement
from we1web.domain import recipes
from we1web.domain.ledger import Actor, ActorKind


async def write_money(
    connection: asyncpg.Connection, books: Books, seq: int, rests: Mapping[int, int], registry: Registry
) -> None:
    """Inside the flush's own transaction: every task up to flush `seq` is credited when it commits, none twice.

    `rests`: what the budget of each ended job still holds, in micro-units, by job key.
    """
    owners = {owner: registry.owners[owner] for owner in books.owners}
    books.share(await pooling.memberships(connection, owners))
    await write_tallies(connection, books)
    transactions = books.close(seq, registry.owners)
    await pooling.write_shares(connection, seq, books.take_shared())
    for job, rest in rests.items():
        record = registry.records[job]
        if rest:
            transactions.append(recipes.refund(record.id, record.requester_id, rest, record.currency))
    await ledger.post_many(connection, transactions, Actor(ActorKind.MARKET, "journal", f"flush {seq}"))
    await connection.execute(statement("market/settlement"), seq)
