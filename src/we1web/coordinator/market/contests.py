"""Contests of disputes: what follows when a referee has run the task once more, decided as a value and then applied.

Whoever answered as the referee did and was not paid is paid now, from the platform's fees: whether they contested or
not, because correct work is never unpaid. It must never take anything back from those who were paid.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg

from we1web.coordinator.storage import ledger
from we1web.coordinator.storage.statements import statement
from we1web.domain import recipes
from we1web.domain.ledger import Actor, ActorKind, Transaction


class Ruling(NamedTuple):
    """What a referee's digest means for a dispute."""

    overturned: bool
    """Somebody was right and unpaid; otherwise the decision is upheld."""
    owed: tuple[UUID, ...]
    """Owners whose unpaid votes were right, each once."""


def ruling(
    truth: bytes, nodes: Sequence[int], digests: Sequence[bytes], paid: Sequence[bool], owners: Mapping[int, UUID]
) -> Ruling:
    """The votes as the dispute keeps them, in parallel. `truth` is the digest the referee computed."""
    right = {
        owners[node]
        for node, digest, was_paid in zip(nodes, digests, paid, strict=True)
        if digest == truth and not was_paid and node in owners
    }
    return Ruling(bool(right), tuple(sorted(right)))


async def rule(tx: asyncpg.Connection, dispute_id: int, truth: bytes) -> Ruling | None:
    """Decides every waiting contest of the dispute and pays who is owed; None when nothing waits.

    Raises Overdrawn while the fees do not hold enough: then nothing is decided, and it can be tried again.
    """
    dispute = await tx.fetchrow(statement("disputes/lock_contests"), dispute_id)
    if dispute is None:
        return None
    rows = await tx.fetch(statement("disputes/node_owners"), dispute["nodes"])
    owners = {row["key"]: row["owner_id"] for row in rows}
    decided = ruling(truth, dispute["nodes"], dispute["digests"], dispute["paid"], owners)
    held = await tx.fetchval(statement("disputes/fees_held"), dispute["currency"])
    by = Actor(ActorKind.MARKET, "referee", f"dispute {dispute_id} was contested")
    await ledger.post_many(tx, _compensations(dispute, decided.owed, held), by)
    await tx.execute(statement("disputes/decide_contests"), dispute_id, truth, decided.owed, dispute["reward_micros"])
    return decided


def _compensations(dispute: asyncpg.Record, owed: Sequence[UUID], held: int) -> list[Transaction]:
    """What each of them is owed for one vote; nothing where work was unpaid to begin with."""
    reward: int = dispute["reward_micros"]
    job, number, currency = dispute["job"], dispute["id"], dispute["currency"]
    return [
        recipes.compensate(job, number, owner, reward, currency=currency, held=held - place * reward)
        for place, owner in enumerate(owed)
        if reward
    ]
