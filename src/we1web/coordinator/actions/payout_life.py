"""The steps of a payout's life, each one transaction: reserve, record what the rail answered, record what banks did.

No step asks a rail. Between two of them anything may die: what was written down says how to go on.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from we1web.coordinator.actions.payout_accounts import mark
from we1web.coordinator.payout_rail import Back, Bank, Later, Never, Order, Sent, Taken
from we1web.coordinator.storage import ledger, money_events
from we1web.coordinator.storage.statements import statement
from we1web.domain import transfers
from we1web.domain.fx import Rate, convert
from we1web.domain.ledger import AccountKind, Actor, Transaction
from we1web.domain.payout import Event, State, advance
from we1web.domain.transfers import Payout
from we1web.protocol.messages import PaymentProcessed

LEASE = timedelta(minutes=3)
"""How long one sender has an order for itself: longer than all its attempts at the rail take."""
FIRST_WAIT_S = 0.4
LONGEST_WAIT_S = 900.0
SLOW_FACTOR = 30
"""A rail that said no waits this much longer than one that said nothing."""
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
MAX_DETAIL = 500


class Unclear(NamedTuple):
    """Nobody knows whether the rail did it."""

    detail: str


class Told(NamedTuple):
    """What to tell a user after the commit."""

    user_key: int
    message: PaymentProcessed


Answer = Sent | Taken | Later | Never | Back | Unclear


def wait_s(attempts: int, draw: int, *, slow: bool = False) -> float:
    """Exponentially longer, half of it left to chance (`draw`: any large number)."""
    first_s = FIRST_WAIT_S * (SLOW_FACTOR if slow else 1)
    longest = min(LONGEST_WAIT_S, first_s * float(2 ** min(attempts - 1, 20)))
    return longest * (0.5 + (draw % 1_000) / 2_000)


async def reclaim(tx: asyncpg.Connection, holder: UUID, now: datetime) -> int:
    """A coordinator begins: what its earlier life had reserved is due, for nobody else carries it. How many."""
    return len(await tx.fetch(statement("payouts/reclaim"), holder, now))


async def reserve(
    tx: asyncpg.Connection, rails: Sequence[str], holder: UUID, now: datetime, limit: int, by: Actor
) -> list[Order]:
    """Step 1: due payouts are bound to an attempt of one coordinator, written down before a rail is asked."""
    rows = await tx.fetch(statement("payouts/reserve"), list(rails), now, now + LEASE, limit, holder)
    for row in rows:
        if row["state_before"] == State.REQUESTED:
            advance(State.REQUESTED, Event.RESERVE)
            await money_events.record(tx, by, ("payout", row["id"]), Event.RESERVE, row["user_id"])
    return [_order(row) for row in rows]


async def record(
    tx: asyncpg.Connection, payout_id: UUID, answer: Answer, now: datetime, draw: int, by: Actor
) -> Told | None:
    """Step 3: what the rail answered, once: an answer that comes again finds another state and changes nothing."""
    row = await tx.fetchrow(statement("payouts/lock"), payout_id)
    state = State(row["state"])
    if state in _OUT and (row["bounced_id"] is not None or isinstance(answer, Back)):
        return await _record_bounce(tx, row, answer, now, draw, by)
    if state is not State.RESERVED:
        return None
    match answer:
        case Sent():
            return await _sent(tx, row, answer, now, by)
        case Never():
            return await refuse(tx, row, answer, now, by)
        case Later():
            at = now if answer.at_once else now + _wait(row, draw, slow=True)
            await _wait_for(tx, row, advance(state, Event.RELEASE), answer.reason, answer.detail, at, renew=True)
            await _log(tx, row, Event.RELEASE, by, {"reason": answer.reason, "detail": answer.detail[:MAX_DETAIL]})
        case Unclear():
            await _wait_for(tx, row, state, "rail_unclear", answer.detail, now + _wait(row, draw), renew=False)
            if row["reason"] != "rail_unclear":
                await _log(tx, row, "unclear", by, {"detail": answer.detail[:MAX_DETAIL]})
        case Taken():
            await _wait_for(tx, row, state, "awaits_operator", "", NEVER, renew=False)
        case Back():
            raise AssertionError("what was not sent cannot come back")
    return None


async def refuse(
    tx: asyncpg.Connection, row: Any, answer: Never, now: datetime, by: Actor, *, post: bool = True
) -> Told:
    """The rail will not do it: the money is in the earnings again, and the account is what the rail says.

    Without `post` the caller posts what refusal() says, with those of others in one call.
    """
    state = advance(State(row["state"]), Event.REFUSE)
    await tx.execute(statement("payouts/move"), row["id"], state, now, answer.reason, answer.detail[:MAX_DETAIL], None)
    if post:
        await ledger.post_many(tx, await refusal(tx, row), by)
    await _log(tx, row, Event.REFUSE, by, {"reason": answer.reason, "detail": answer.detail[:MAX_DETAIL]})
    if answer.account is not None:
        await mark(tx, row["account_id"], answer.account, (), by)
    return told(row, state, answer.reason)


async def refusal(tx: asyncpg.Connection, row: Any) -> list[Transaction]:
    """What puts the money back where it was, also into the currency it was earned in, by the same rate."""
    payout, source = payout_of(row), row["source_currency"]
    moves = [transfers.refuse_payout(payout)]
    if source is not None:
        key = f"payout:{payout.id}"
        meta = await tx.fetchval(statement("payouts/exchanged"), f"exchange:{key}")
        rate = Rate(date.fromisoformat(meta["rate_day"]), source, payout.currency, meta["rate_nanos"])
        made = convert(row["source_micros"], rate, meta.get("margin_bps", 0))
        moves.append(transfers.exchange_back(key, payout.user, AccountKind.EARNINGS, made, payout.gross_micros))
    return moves


async def bank(tx: asyncpg.Connection, said: Bank, now: datetime, by: Actor) -> list[Told]:
    """What a bank did with arrivals: paid them, or sent them back (then the sender takes the transfers back)."""
    changes = [await _paid_after_all(tx, row, said, now, by) for row in await _stranded(tx, said)]
    for row in await tx.fetch(statement("payouts/by_arrivals"), said.arrivals, said.id):
        state = State(row["state"])
        if said.paid and state is State.TRANSFERRED and row["bounced_id"] is None:
            changes.append(await pay(tx, row, said.id, now, by))
        if not said.paid and state in _OUT and row["bounced_id"] is None and row["bank_id"] in (None, said.id):
            await tx.execute(statement("payouts/bounced"), row["id"], said.id, said.detail[:MAX_DETAIL], now)
            await _log(tx, row, "bank_failed", by, {"bank": said.id, "detail": said.detail[:MAX_DETAIL]})
    return changes


async def pay(tx: asyncpg.Connection, row: Any, bank_id: str | None, now: datetime, by: Actor) -> Told:
    """The bank has it."""
    state = advance(State(row["state"]), Event.PAY)
    await tx.execute(statement("payouts/move"), row["id"], state, now, "", "", bank_id)
    await _log(tx, row, Event.PAY, by, {"bank": bank_id or ""})
    return told(row, state)


async def give_back(
    tx: asyncpg.Connection, row: Any, reason: str, detail: str, now: datetime, by: Actor
) -> tuple[Told, Transaction]:
    """What was sent came back; the caller posts the transaction."""
    state = advance(State(row["state"]), Event.BOUNCE)
    detail = detail[:MAX_DETAIL]
    await tx.execute(statement("payouts/move"), row["id"], state, now, reason, detail, None)
    await _log(tx, row, Event.BOUNCE, by, {"reason": reason, "detail": detail})
    posted = transfers.return_payout(payout_of(row), transfers.outside(row["rail"], row["currency"]))
    return told(row, state, reason), posted


def payout_of(row: Any) -> Payout:
    """A row of payouts, as the ledger's recipes want it."""
    return Payout(row["id"], row["user_id"], row["rail"], row["currency"], row["gross_micros"], row["fee_micros"])


def told(row: Any, state: State, reason: str = "") -> Told:
    """What its user is told about a payout."""
    net = row["gross_micros"] - row["fee_micros"]
    message = PaymentProcessed(str(row["id"]), state, row["currency"], row["gross_micros"], net, reason)
    return Told(row["user_key"], message)


_OUT = (State.TRANSFERRED, State.PAID)


async def _sent(tx: asyncpg.Connection, row: Any, answer: Sent, now: datetime, by: Actor) -> Told:
    state = advance(State(row["state"]), Event.TRANSFER)
    await tx.execute(statement("payouts/sent"), row["id"], now, answer.transfer_id, answer.arrival_id or None)
    await ledger.post(tx, transfers.send_payout(payout_of(row), transfers.outside(row["rail"], row["currency"])), by)
    await _log(tx, row, Event.TRANSFER, by, {"transfer": answer.transfer_id})
    return told(row, state)


async def _record_bounce(
    tx: asyncpg.Connection, row: Any, answer: Answer, now: datetime, draw: int, by: Actor
) -> Told | None:
    """What the rail said when it was asked to take a transfer back."""
    match answer:
        case Back():
            change, posted = await give_back(tx, row, row["reason"] or "reversed", row["detail"], now, by)
            await ledger.post(tx, posted, by)
            await tx.execute(statement("payouts/taken_back"), row["id"], answer.reversal_id or None)
            return change
        case Later():
            at = now if answer.at_once else now + _wait(row, draw, slow=True)
            await _wait_for(tx, row, State(row["state"]), answer.reason, answer.detail, at, renew=True)
            if row["reason"] != answer.reason:
                await _log(tx, row, "bounce_waits", by, {"reason": answer.reason, "detail": answer.detail[:MAX_DETAIL]})
        case Unclear():
            at = now + _wait(row, draw)
            await _wait_for(tx, row, State(row["state"]), row["reason"], row["detail"], at, renew=False)
    return None


async def _stranded(tx: asyncpg.Connection, said: Bank) -> list[Any]:
    """Payouts that Stripe paid after all, with a later payout, before their transfer could be taken back."""
    if not said.paid or not said.again:
        return []
    rows: list[Any] = await tx.fetch(statement("payouts/by_bounces"), said.again)
    return rows


async def _paid_after_all(tx: asyncpg.Connection, row: Any, said: Bank, now: datetime, by: Actor) -> Told:
    await tx.execute(statement("payouts/forget_bounce"), row["id"], said.id, now)
    await _log(tx, row, Event.PAY, by, {"bank": said.id, "failed_before": row["bounced_id"]})
    return told(row, State.PAID)


async def _wait_for(
    tx: asyncpg.Connection, row: Any, state: State, reason: str, detail: str, at: datetime, *, renew: bool
) -> None:
    await tx.execute(statement("payouts/wait"), row["id"], state, reason, detail[:MAX_DETAIL], at, renew)


def _wait(row: Any, draw: int, *, slow: bool = False) -> timedelta:
    return timedelta(seconds=wait_s(row["attempts"], draw, slow=slow))


async def _log(
    tx: asyncpg.Connection, row: Any, event: str, by: Actor, detail: dict[str, str | int] | None = None
) -> None:
    await money_events.record(tx, by, ("payout", row["id"]), event, row["user_id"], detail)


def _order(row: Any) -> Order:
    names = ("id", "rail", "currency", "gross_micros", "fee_micros", "destination", "round", "was_tried", "until")
    travelling = ("first_attempt_at", "transfer_id", "bounced_id")
    return Order(user=row["user_id"], **{name: row[name] for name in (*names, *travelling)})
