"""Whose votes a pool shares, read once a settlement and in its transaction; and what was shared, kept for later.

The pools stay locked until the commit, so nobody joins or leaves between the vote's money and the pot it goes into.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg

from we1web.coordinator.market.records import JobRecord
from we1web.coordinator.storage.statements import statement
from we1web.domain.pools import Share, Split, Terms


class Membership(NamedTuple):
    """That an owner's rewards are shared, and how."""

    pool: UUID
    terms: Terms


class Shared(NamedTuple):
    """What one job's votes earned a member in one settlement, and where it went."""

    record: JobRecord
    owner: UUID
    membership: Membership
    votes: int
    gross: int
    share: Share


async def memberships(connection: asyncpg.Connection, users: Mapping[int, UUID]) -> dict[int, Membership]:
    """Of these owners those who are in a pool; nobody is: one look at an index."""
    ids = list(users.values())
    pools = [row["id"] for row in await connection.fetch(statement("market/pools_of"), ids)] if ids else []
    if not pools:
        return {}
    rows = await connection.fetch(statement("market/memberships"), ids, pools)
    found = {row["user_id"]: _membership(row) for row in rows}
    return {owner: found[user] for owner, user in users.items() if user in found}


def _membership(row: asyncpg.Record) -> Membership:
    return Membership(row["pool_id"], Terms(row["commission_bps"], Split(row["split"])))


async def write_shares(connection: asyncpg.Connection, seq: int, shared: Sequence[Shared]) -> None:
    """One row for each job and member, and the pools' sums."""
    if not shared:
        return
    rows = [
        (*_names(each), each.votes, each.gross, *each.membership.terms, each.share.commission, each.share.pooled)
        for each in shared
    ]
    await connection.execute(statement("market/share"), seq, *map(list, zip(*rows, strict=True)))


def _names(shared: Shared) -> tuple[int, UUID, UUID, str]:
    return shared.record.key, shared.owner, shared.membership.pool, shared.record.currency
