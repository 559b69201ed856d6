"""Reads of disputes: as requester those of one's jobs, as contributor those one's nodes voted in. Never a write."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.queries import cursors
from we1web.coordinator.refusals import not_found
from we1web.coordinator.schemas import MAX_INT, Contest, Dispute, DisputePage, DisputeVote
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE, user
from we1web.coordinator.storage.statements import statement

NEVER_PAID = "cancelled"
"""A dispute that ended so was never decided: the requester withdrew the task."""


@dataclass(frozen=True)
class Seen:
    """A dispute as one user sees it, with what its own row does not say."""

    row: asyncpg.Record
    job: UUID
    validator: str
    mine: frozenset[int]
    """Keys of the caller's nodes among the voters."""
    nodes: Mapping[int, UUID]
    contest: asyncpg.Record | None

    @property
    def unpaid(self) -> bool:
        """One of the caller's votes was not paid."""
        row = self.row
        return any(node in self.mine and not paid for node, paid in zip(row["nodes"], row["paid"], strict=True))


async def page(
    services: Services, caller: Identity, roles: Collection[str], cursor: str | None, limit: int
) -> DisputePage:
    """Newest first, in the roles that are asked for and that the caller's token covers."""
    (before,) = cursors.decode(cursor, (MAX_INT,))
    async with services.database.transaction(user(caller.user_id)) as tx:
        rows = await tx.fetch(statement("disputes/page"), caller.user_id, *_covered(caller, roles), before, limit + 1)
    more = cursors.encode(rows[limit - 1]["id"]) if len(rows) > limit else None
    seen = await _seen(services, caller, rows[:limit])
    return DisputePage(items=[view(services, one) for one in seen], next_cursor=more)


async def find(services: Services, caller: Identity, dispute_id: int) -> Seen:
    """One dispute of the caller's. Raises Refusal (not_found)."""
    async with services.database.transaction(user(caller.user_id)) as tx:
        covered = _covered(caller, ROLES)
        row = await tx.fetchrow(statement("disputes/get"), caller.user_id, *covered, dispute_id)
    if row is None:
        raise not_found("dispute")
    return (await _seen(services, caller, [row]))[0]


ROLES = {"requester": "jobs", "contributor": "node"}
"""As what one may ask, and the scope it needs."""


def _covered(caller: Identity, roles: Collection[str]) -> tuple[bool, bool]:
    """(as requester, as contributor)"""
    return (
        "requester" in roles and ROLES["requester"] in caller.scopes,
        "contributor" in roles and ROLES["contributor"] in caller.scopes,
    )


async def _seen(services: Services, caller: Identity, rows: Sequence[asyncpg.Record]) -> list[Seen]:
    """With the service's eyes: a user sees neither the other voters' nodes nor, as a contributor, the job."""
    keys = sorted({node for row in rows for node in row["nodes"]})
    async with services.database.transaction(SERVICE) as tx:
        jobs = await tx.fetch(statement("disputes/job_names"), [row["job_key"] for row in rows])
        nodes = {row["key"]: row["id"] for row in await tx.fetch(statement("nodes/names"), keys)}
        mine = {row["key"] for row in await tx.fetch(statement("disputes/own_nodes"), keys, caller.user_id)}
        ids = [row["id"] for row in rows]
        contests = await tx.fetch(statement("disputes/own_contests"), ids, caller.user_id)
    job_of = {row["key"]: row for row in jobs}
    contest_of = {row["dispute_id"]: row for row in contests}
    return [
        Seen(
            row,
            job_of[row["job_key"]]["id"],
            job_of[row["job_key"]]["validator"],
            frozenset(mine.intersection(row["nodes"])),
            nodes,
            contest_of.get(row["id"]),
        )
        for row in rows
    ]


def view(services: Services, seen: Seen) -> Dispute:
    row = seen.row
    return Dispute(
        **{name: row[name] for name in ("id", "index", "opened_at", "resolved_at", "how")},
        task=str(row["task_id"]),
        job=seen.job,
        accepted=_hex(row["accepted"]),
        truth=_hex(row["truth"]),
        votes=_votes(seen),
        contestable_until=contestable_until(services, seen),
        contest=_contest(seen.contest),
    )


def contestable_until(services: Services, seen: Seen) -> datetime | None:
    """When the window closes for somebody who may contest; None for all others, and when it is closed."""
    until: datetime = seen.row["resolved_at"] + timedelta(seconds=services.config.contest_window_s)
    open_ = seen.unpaid and seen.contest is None and seen.row["how"] != NEVER_PAID
    return until if open_ and services.clock.now() <= until else None


def _votes(seen: Seen) -> list[DisputeVote]:
    row = seen.row
    parallel = zip(row["nodes"], row["digests"], row["weights"], row["paid"], strict=True)
    return [
        DisputeVote(node=seen.nodes.get(node), digest=digest.hex(), weight=weight, paid=paid, mine=node in seen.mine)
        for node, digest, weight, paid in parallel
    ]


def _contest(row: asyncpg.Record | None) -> Contest | None:
    if row is None:
        return None
    plain = {name: row[name] for name in ("state", "created_at", "decided_at", "paid_micros")}
    return Contest(**plain, truth=_hex(row["truth"]))


def _hex(digest: bytes | None) -> str | None:
    return None if digest is None else digest.hex()
