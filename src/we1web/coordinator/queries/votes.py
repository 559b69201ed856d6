"""Packed votes of ended tasks, and the public ids of the nodes that gave them. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from we1web.coordinator.schemas import Vote
from we1web.coordinator.storage.statements import statement

_NODE_SHIFT = 16
_AGREED = 1 << 15
_FAST = 1 << 14
_WEIGHT = _FAST - 1


async def names(tx: asyncpg.Connection, votes: Iterable[int]) -> dict[int, UUID]:
    """node key → node id. Needs the service's eyes: a requester sees no other people's nodes."""
    keys = sorted({vote >> _NODE_SHIFT for vote in votes})
    return {row["key"]: row["id"] for row in await tx.fetch(statement("nodes/names"), keys)} if keys else {}


def unpack(vote: int, known: Mapping[int, UUID]) -> Vote:
    """vote = node key << 16 | agreed << 15 | fast << 14 | thousandths of weight."""
    weight = (vote & _WEIGHT) / 1_000
    return Vote(node=known.get(vote >> _NODE_SHIFT), agreed=agreed(vote), weight=weight, fast=fast(vote))


def node(vote: int) -> int:
    """The key of the node that gave it."""
    return vote >> _NODE_SHIFT


def agreed(vote: int) -> bool:
    return bool(vote & _AGREED)


def fast(vote: int) -> bool:
    """It agreed and came in time for the job's bonus."""
    return agreed(vote) and bool(vote & _FAST)


def cost_micros(packed: Sequence[int], job: Mapping[str, Any]) -> int:
    """What the votes on one task cost: `job` is a row with its price and bonus."""
    return sum(map(agreed, packed)) * int(job["price_micros"]) + sum(map(fast, packed)) * int(job["bonus_micros"])
