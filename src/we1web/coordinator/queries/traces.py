"""From a posting to what it follows from: its transaction, its cause, and the votes. Reads only.

A settlement leads to its votes; what a pool's pot gave leads to the settlements that filled it.

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
    TraceDistribution,
    TraceEntry,
    TracePooled,
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
    """One transaction that the user takes part in, by an entry or by votes. Raises Refusal (not_found)."""
    place = cursors.decode(cursor, (0, 0, 0))
    async with services.database.transaction(user(user_id)) as tx:
        entries = await tx.fetch(statement("credits/transaction"), transaction_id)
        own = await tx.fetch(statement("credits/own_nodes"), user_id)
        subject = await _subject(tx, entries[0]["key"]) if entries else None
    nodes = {row["key"]: row["id"] for row in own}
    async with services.database.transaction(SERVICE) as tx:
        head = entries[0] if entries else await _pooled(tx, transaction_id, user_id)
        others = await tx.fetch(statement("credits/counterparts"), transaction_id, user_id)
        names = {row["id"]: row["name"] for row in await tx.fetch(statement("jobs/names"), _jobs(head))}
        settled = await _settled(tx, head, entries, nodes) if head["kind"] == "settle" else None
        found = await _settlement(tx, settled, user_id, place, limit) if settled else None
        split = await _distribution(tx, head["id"], user_id, place[0], limit) if head["kind"] == "distribute" else None
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
        distribution=split[0] if split else None,
        next_cursor=(found or split or (None, None))[1],
        subject=subject,
    )


async def _pooled(tx: asyncpg.Connection, transaction_id: int, user_id: UUID) -> asyncpg.Record:
    """A settlement that paid the user's votes into their pool's pot. Raises Refusal (not_found)."""
    row = await tx.fetchrow(statement("credits/pooled_settlement"), transaction_id, user_id)
    if row is None:
        raise not_found("posting")
    return row


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


async def _settled(
    tx: asyncpg.Connection, head: asyncpg.Record, entries: Sequence[asyncpg.Record], nodes: dict[int, UUID]
) -> Settled | None:
    """Whoever pays sees the votes of the whole job, even where nodes of their own were among them."""
    _, job, batch = head["key"].split(":")
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


async def _distribution(
    tx: asyncpg.Connection, transaction_id: int, user_id: UUID, after: int, limit: int
) -> tuple[TraceDistribution, str | None]:
    """What the user's votes brought into a pot that was split, one page of it, and where it goes on."""
    head = await tx.fetchrow(statement("credits/distribution"), transaction_id)
    before = head["after"]
    rows = await tx.fetch(statement("credits/pooled_votes"), transaction_id, user_id, before, after, limit + 1)
    own = [TracePooled(**dict(row)) for row in rows[:limit]]
    shown = TraceDistribution(name=head["name"], members=head["members"], votes=head["votes"], own=own)
    return shown, cursors.encode(own[-1].transaction_id, 0, 0) if len(rows) > limit else None


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
