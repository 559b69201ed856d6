"""From a posting to what it follows from: its transaction, its cause, and for a settlement the votes. Reads only.

Who takes part is decided by row-level security. What is then read with the service's eyes (tasks of other people's
jobs, the other side's accounts) is cut down to the caller's own votes and to kinds of accounts.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple
from uuid import UUID

import asyncpg

from we1web.coordinator.queries import credits, cursors, votes
from we1web.coordinator.refusals import not_found
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE, user
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.trace_schemas import (
    Trace,
    TraceActor,
    TraceCounterpart,
    TraceEntry,
    TraceSettlement,
    TraceShare,
    TraceSubject,
    TraceTask,
)

Role = Literal["contributor", "requester"]
PEOPLE = frozenset({"user", "operator"})
SUBJECTS = {
    "payout": "payout",
    "payout-sent": "payout",
    "payout-failed": "payout",
    "payout-returned": "payout",
    "fund": "funding",
    "funding-refund": "refund",
    "funding-refund-sent": "refund",
    "funding-refund-failed": "refund",
}
"""First part of a transaction's key → what its last part is the id of (domain/transfers.py)."""


STATES: dict[int, Literal["verified", "failed", "cancelled"]] = {1: "verified", 2: "failed", 3: "cancelled"}
"""The tasks table's column `state`."""


class Settled(NamedTuple):
    """Which votes a settlement paid, as the caller may see them."""

    row: asyncpg.Record
    """Its job, and the flush after which it begins."""
    upto: int
    role: Role
    nodes: dict[int, UUID] | None
    """The caller's own; None: votes of all nodes, of a requester's job."""

    @property
    def per_vote_micros(self) -> int:
        return int(self.row["price_micros" if self.role == "requester" else "reward_micros"])

    @property
    def per_bonus_micros(self) -> int:
        return int(self.row["bonus_micros" if self.role == "requester" else "bonus_reward_micros"])

    @property
    def range(self) -> tuple[int, int, int, list[int] | None]:
        """What the statements about its votes begin with."""
        return self.row["key"], self.row["after"], self.upto, None if self.nodes is None else list(self.nodes)


async def trace(services: Services, user_id: UUID, transaction_id: int, cursor: str | None, limit: int) -> Trace:
    """One transaction that the user takes part in. Raises Refusal (not_found)."""
    place = cursors.decode(cursor, (0, 0, 0))
    async with services.database.transaction(user(user_id)) as tx:
        entries = await tx.fetch(statement("credits/transaction"), transaction_id)
        if not entries:
            raise not_found("posting")
        own = await tx.fetch(statement("credits/own_nodes"), user_id)
        subject = await _subject(tx, entries[0]["key"])
    head, nodes = entries[0], {row["key"]: row["id"] for row in own}
    async with services.database.transaction(SERVICE) as tx:
        others = await tx.fetch(statement("credits/counterparts"), transaction_id, user_id)
        names = {row["id"]: row["name"] for row in await tx.fetch(statement("jobs/names"), _jobs(head))}
        settled = await _settled(tx, entries, nodes) if head["kind"] == "settle" else None
        found = await _settlement(tx, settled, user_id, place, limit) if settled else None
    job = credits.job_of(head)
    return Trace(
        transaction_id=head["id"],
        key=head["key"],
        kind=head["kind"],
        at=head["created_at"],
        memo=head["meta"].get("memo", ""),
        actor=_actor(head, user_id),
        entries=[TraceEntry(account=e["account"], currency=e["currency"], amount_micros=e["amount"]) for e in entries],
        counterparts=[_counterpart(row) for row in others],
        job=job,
        job_name=None if job is None else names.get(job),
        settlement=found[0] if found else None,
        next_cursor=found[1] if found else None,
        subject=subject,
    )


def _jobs(head: Mapping[str, Any]) -> list[UUID]:
    job = credits.job_of(head)
    return [] if job is None else [job]


def _actor(head: Mapping[str, Any], user_id: UUID) -> TraceActor:
    told = head["actor_kind"] not in PEOPLE or head["actor_id"] == str(user_id)
    return TraceActor(kind=head["actor_kind"], id=head["actor_id"] if told else None, cause=head["cause"])


def _counterpart(row: asyncpg.Record) -> TraceCounterpart:
    return TraceCounterpart(
        account=row["kind"], currency=row["currency"], accounts=row["accounts"], amount_micros=row["amount"]
    )


async def _subject(tx: asyncpg.Connection, key: str) -> TraceSubject | None:
    """The row of the payout or payment, through the caller's own eyes."""
    first, *_, last = key.split(":")
    try:
        name, number = SUBJECTS[first], UUID(last)
    except (KeyError, ValueError):
        return None
    row = await tx.fetchrow(statement(f"credits/subject_{name}"), number)
    return None if row is None else TraceSubject(**dict(row))


async def _settled(tx: asyncpg.Connection, entries: Sequence[asyncpg.Record], nodes: dict[int, UUID]) -> Settled | None:
    """Whoever pays sees the votes of the whole job, even where nodes of their own were among them."""
    _, job, batch = entries[0]["key"].split(":")
    row = await tx.fetchrow(statement("credits/settled_job"), UUID(job), int(batch)) if batch.isdecimal() else None
    if row is None:
        return None
    pays = any(entry["account"] == "escrow" for entry in entries)
    return Settled(row, int(batch), "requester", None) if pays else Settled(row, int(batch), "contributor", nodes)


async def _settlement(
    tx: asyncpg.Connection, settled: Settled, user_id: UUID, place: tuple[int, ...], limit: int
) -> tuple[TraceSettlement, str | None]:
    """One page of the tasks, and where it goes on."""
    count, fast = await tx.fetchrow(statement("credits/traced_votes"), *settled.range)
    rows = await tx.fetch(statement("credits/traced_tasks"), *settled.range, *place, limit + 1)
    known = settled.nodes
    if known is None:
        known = await votes.names(tx, [vote for row in rows for vote in row["votes"]])
    last = rows[limit - 1] if len(rows) > limit else None
    shown = TraceSettlement(
        job=settled.row["id"],
        job_name=settled.row["name"],
        role=settled.role,
        flush=settled.upto,
        votes=count,
        fast=fast,
        per_vote_micros=settled.per_vote_micros,
        per_bonus_micros=settled.per_bonus_micros,
        amount_micros=_signed(settled, count, fast),
        share=await _share(tx, settled, user_id) if settled.role == "contributor" else None,
        tasks=[_task(row, settled, known) for row in rows[:limit]],
    )
    return shown, cursors.encode(last["flush"], last["id"], last["surplus"]) if last else None


async def _share(tx: asyncpg.Connection, settled: Settled, user_id: UUID) -> TraceShare | None:
    row = await tx.fetchrow(statement("credits/traced_share"), settled.row["key"], settled.upto, user_id)
    return None if row is None else TraceShare(**dict(row))


def _task(row: asyncpg.Record, settled: Settled, known: Mapping[int, UUID]) -> TraceTask:
    mine = [vote for vote in row["votes"] if settled.nodes is None or votes.node(vote) in settled.nodes]
    paid, fast = sum(map(votes.agreed, mine)), sum(map(votes.fast, mine))
    return TraceTask(
        id=str(row["id"]),
        index=row["index"],
        state=STATES[row["state"]],
        flush=row["flush"],
        digest=row["digest"].hex() if row["digest"] else None,
        agreed=sum(map(votes.agreed, row["votes"])),
        votes=[votes.unpack(vote, known) for vote in mine],
        paid=paid,
        fast=fast,
        surplus=bool(row["surplus"]),
        amount_micros=_signed(settled, paid, fast),
    )


def _signed(settled: Settled, count: int, fast: int) -> int:
    amount = count * settled.per_vote_micros + fast * settled.per_bonus_micros
    return -amount if settled.role == "requester" else amount
