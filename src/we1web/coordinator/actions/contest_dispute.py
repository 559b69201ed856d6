"""Contests a dispute: a contributor says that an unpaid vote was right. It then waits for the operator's referee."""

from datetime import datetime, timedelta

import asyncpg
import msgspec

from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.queries import disputes
from we1web.coordinator.queries.disputes import NEVER_PAID, Seen
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.schemas import Dispute
from we1web.coordinator.services import Services
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain.validator import EXACT
from we1web.protocol import outcome

MAX_A_DAY = 20
"""Contests of one account: each costs the operator a run."""
_DAY = timedelta(days=1)
_arguments = msgspec.msgpack.Decoder(list[bytes])


async def contest_dispute(services: Services, caller: Identity, dispute_id: int) -> Dispute:
    """The dispute with its contest. Raises Refusal."""
    seen = await disputes.find(services, caller, dispute_id)
    now = services.clock.now()
    refused = refusal(seen, now, services.config.contest_window_s)
    if refused is not None:
        raise refused
    async with services.database.transaction(SERVICE) as tx:
        await _check_evidence(services, tx, seen)
        await _insert(tx, caller, dispute_id, now)
    return disputes.view(services, await disputes.find(services, caller, dispute_id))


def refusal(seen: Seen, now: datetime, window_s: int) -> Refusal | None:
    """Why this caller may not contest this dispute; None when they may."""
    if not seen.mine:
        return _never("none of your nodes voted in it")
    if seen.contest is not None:
        return _again()
    if not seen.unpaid:
        return _never("your votes in it were paid")
    if seen.row["how"] == NEVER_PAID:
        return _never("the requester withdrew the task, so nobody was wrong")
    if seen.validator != EXACT.name:
        return _never("only exact answers can be compared again: of other votes no bytes are kept")
    if now > seen.row["resolved_at"] + timedelta(seconds=window_s):
        hint = "contest within the window that contestable_until names"
        return Refusal("the time to contest it is over", code="contest_too_late", hint=hint)
    return None


async def _check_evidence(services: Services, tx: asyncpg.Connection, seen: Seen) -> None:
    """No referee ran it for a contest yet, and what it needs to run it, program and arguments, is still here."""
    found = await tx.fetchrow(statement("disputes/evidence"), seen.row["task_id"], seen.row["id"])
    if found["ruled"]:
        raise _never("the operator's referee ran it again for another contest, and paid whoever was right")
    arguments = _arguments.decode(found["body"])
    named = (outcome.blob_of(argument) for argument in arguments)
    blobs = [found["program"], *(blob[0] for blob in named if blob is not None)]
    if not all(services.blobs.has(digest) for digest in blobs):
        hint = "contest soon: programs and large arguments are kept for days only"
        raise Refusal("the task can not be run again: its data is gone", code="evidence_gone", hint=hint)


async def _insert(tx: asyncpg.Connection, caller: Identity, dispute_id: int, now: datetime) -> None:
    await tx.execute(statement("jobs/lock_requester"), caller.user_id)
    if await tx.fetchval(statement("disputes/count_contests"), caller.user_id, now - _DAY) >= MAX_A_DAY:
        message = f"an account contests at most {MAX_A_DAY} disputes a day"
        raise Refusal(message, code="too_many_contests", hint="wait until tomorrow", retryable=True)
    if await tx.fetchval(statement("disputes/contest"), dispute_id, caller.user_id, now) is None:
        raise _again()


def _again() -> Refusal:
    hint = "GET /api/disputes/{id} says what became of it"
    return Refusal("you contested this dispute before", code="already_contested", hint=hint)


def _never(why: str) -> Refusal:
    return Refusal(f"this dispute is not yours to contest: {why}", code="not_contestable", hint="see its votes")
