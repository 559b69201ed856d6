"""A payer wants unspent money back: the wallet is debited with the refund's row, a loop sends it, it may fail later.

Every step is its own function and its own transaction, so that a stop between any two leaves something to go on from.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import asyncpg

from we1web.coordinator import funding, fundings
from we1web.coordinator.actions import idempotency
from we1web.coordinator.actions.debt import check_debt
from we1web.coordinator.actions.idempotency import Body, Claim
from we1web.coordinator.actions.payout_life import LEASE, wait_s
from we1web.coordinator.actions.record_funding import locked
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.funding import AnotherKey, Funding, Refund, RefundReading
from we1web.coordinator.funding_schemas import RefundOrder
from we1web.coordinator.queries.fundings import refund_view
from we1web.coordinator.rail_errors import RailRefusal, RailUnavailable
from we1web.coordinator.refusals import Refusal, not_found
from we1web.coordinator.services import Services
from we1web.coordinator.storage import ledger, money_events
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.stripe_client import STRIPE
from we1web.domain import transfers
from we1web.domain.funding import RefundEvent, RefundState, State, advance_refund
from we1web.domain.funding_terms import refundable
from we1web.domain.ledger import Actor, ActorKind
from we1web.domain.money import show


async def ask_refund(
    services: Services, caller: Identity, funding_id: UUID, order: RefundOrder, claim: Claim | None
) -> Body:
    """The refund, on its way, as JSON. Raises Refusal."""
    async with services.database.transaction(SERVICE) as tx:
        body, _ = await idempotency.once(
            tx, claim, services.clock.now(), lambda: _ask(services, tx, caller, funding_id, order)
        )
    return body


async def _ask(
    services: Services, tx: asyncpg.Connection, caller: Identity, funding_id: UUID, order: RefundOrder
) -> Body:
    row = await tx.fetchrow(statement("fundings/get"), funding_id)
    if row is None or row["user_id"] != caller.user_id:
        raise not_found("funding")
    found = await locked(tx, funding_id)
    amount = await _amount(tx, found, order.amount_micros)
    made, now = services.clock.new_id(), services.clock.now()
    by = Actor(ActorKind.USER, str(caller.user_id), "asked for a refund")
    await ledger.post(tx, transfers.ask_refund(made, found.payin, amount), by)
    refund = await tx.fetchrow(statement("refunds/insert"), made, found.id, caller.user_id, amount, now)
    await tx.execute(statement("fundings/refunded"), found.id, amount)
    detail = {"amount_micros": amount, "currency": found.currency, "funding": str(found.id)}
    await money_events.record(tx, by, ("funding_refund", made), RefundState.REQUESTED, caller.user_id, detail)
    return refund_view(refund, found.currency).model_dump(mode="json")


async def _amount(tx: asyncpg.Connection, found: Funding, wanted: int | None) -> int:
    """What goes back: what is asked for, or all that can. Raises Refusal."""
    if found.state is not State.PAID or found.rail != STRIPE or found.disputed_micros:
        hint = "only card payments that arrived and are not disputed go back; for a bank transfer ask the operator"
        raise Refusal("this payment cannot go back to where it came from", code="not_refundable", hint=hint)
    owned = await tx.fetchrow(statement("fundings/owned"), found.user_id, found.currency)
    await check_debt(tx, found.user_id)
    most = refundable(min(owned["wallet_micros"], found.amount_micros - found.refunded_micros), found.currency)
    amount = most if wanted is None else wanted
    if not 0 < amount <= most or amount != refundable(amount, found.currency):
        hint = f"at most {show(most, found.currency)} of it is unspent, in whole coins"
        raise Refusal("that much cannot go back", code="bad_amount", hint=hint)
    return amount


class Turn(NamedTuple):
    """A refund that this coordinator has for itself."""

    refund: Refund
    funding: Funding
    attempts: int
    until: datetime
    """After that another one may be at it: nothing is begun any more."""


async def take(tx: asyncpg.Connection, holder: UUID, now: datetime, limit: int) -> list[Turn]:
    """Those that are due, to be sent or read; written down before a rail is asked."""
    turns = []
    for row in await tx.fetch(statement("refunds/take"), now, limit, now + LEASE, holder):
        names = ("id", "amount_micros", "first_attempt_at", "refund_id", "round", "was_tried")
        found = funding.of_row(await tx.fetchrow(statement("fundings/get"), row["funding_id"]))
        turns.append(Turn(Refund(*(row[name] for name in names)), found, row["attempts"], now + LEASE))
    return turns


async def reclaim(tx: asyncpg.Connection, holder: UUID, now: datetime) -> None:
    """A coordinator begins: what its earlier life had for itself is due."""
    await tx.execute(statement("refunds/reclaim"), holder, now)


async def go_on(services: Services, turn: Turn, by: Actor) -> None:
    """Sends or reads one, and writes the answer down. Raises RailUnavailable, RailRefusal."""
    refund, now = turn.refund, services.clock.now()
    if refund.refund_id is not None:
        await read(services, refund, turn.funding, by)
    elif turn.until - now >= LEASE / 2:
        await _send(services, turn, by, now)


async def read(services: Services, refund: Refund, found: Funding, by: Actor) -> None:
    """What became of a refund that the rail has. Raises RailUnavailable, RailRefusal."""
    reading = await fundings.rail(services, found.rail).read_refund(refund)
    async with services.database.transaction(SERVICE) as tx:
        await record_refund(tx, refund.id, reading, by, services.clock.now())


async def _send(services: Services, turn: Turn, by: Actor, now: datetime) -> None:
    refund, found = turn.refund, turn.funding
    try:
        answer = await fundings.rail(services, found.rail).refund(found, refund, now)
    except RailRefusal as refusal:
        answer = RefundReading("", left=False, end=RefundEvent.REFUSE, reason=refusal.reason)
    except RailUnavailable:
        after_s = wait_s(turn.attempts, services.clock.new_id().int)
        await _wait(services, refund, timedelta(seconds=after_s), renew=False)
        raise
    if isinstance(answer, AnotherKey):
        await _wait(services, refund, timedelta(0), renew=True)
        return
    async with services.database.transaction(SERVICE) as tx:
        await record_refund(tx, refund.id, answer, by, services.clock.now())


async def _wait(services: Services, refund: Refund, time: timedelta, *, renew: bool) -> None:
    at = services.clock.now() + time
    async with services.database.transaction(SERVICE) as tx:
        await tx.execute(statement("refunds/wait"), refund.id, refund.round, at, renew)


async def record_refund(
    tx: asyncpg.Connection, refund_id: UUID, reading: RefundReading, by: Actor, now: datetime
) -> None:
    """Brings a refund to where the rail says it is: steps it took already are not taken again."""
    row = await tx.fetchrow(statement("refunds/lock"), refund_id)
    found = funding.of_row(await tx.fetchrow(statement("fundings/get"), row["funding_id"]))
    state, amount, posted = RefundState(row["state"]), row["amount_micros"], []
    if state is RefundState.REQUESTED and reading.left:
        state = advance_refund(state, RefundEvent.SEND)
        posted.append(transfers.send_refund(refund_id, found.payin, amount))
    if reading.end is RefundEvent.FINISH and state is RefundState.SENT:
        state = advance_refund(state, RefundEvent.FINISH)
    if reading.end is RefundEvent.REFUSE and state is not RefundState.FAILED:
        sent = state is not RefundState.REQUESTED
        state = advance_refund(state, RefundEvent.REFUSE)
        posted.append(transfers.undo_refund(refund_id, found.payin, amount, sent=sent))
        await tx.execute(statement("fundings/refunded"), found.id, -amount)
    await ledger.post_many(tx, posted, by)
    await tx.execute(statement("refunds/advance"), refund_id, state, reading.refund_id or None, reading.reason, now)
    if state != row["state"]:
        detail = {"reason": reading.reason} if reading.reason else {}
        await money_events.record(tx, by, ("funding_refund", refund_id), state, row["user_id"], detail)
