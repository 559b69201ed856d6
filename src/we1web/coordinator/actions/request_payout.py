"""A contributor wants earnings: debit, postings, row and event in one transaction. The rail is asked later, by a loop.

What a person asks for and what a plan asks for go the same way.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from we1web.coordinator import rates
from we1web.coordinator.actions import idempotency
from we1web.coordinator.actions.debt import check_debt
from we1web.coordinator.actions.idempotency import Body, Claim
from we1web.coordinator.actions.payout_life import payout_of
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.config import Config
from we1web.coordinator.payout_schemas import PayoutOrder
from we1web.coordinator.queries import payouts
from we1web.coordinator.refusals import Refusal, not_found
from we1web.coordinator.services import Services
from we1web.coordinator.storage import ledger, money_events
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.coordinator.stripe_client import STRIPE
from we1web.domain import fx, payout_terms, transfers
from we1web.domain.fx import Conversion
from we1web.domain.ledger import AccountKind, Actor, ActorKind
from we1web.domain.payout_terms import Terms, Wait, Wish

SENDER = "payout_sender"
MAX_WAITING = 20
"""Payouts of one user that have not left yet."""
HINTS = {
    "account_not_ready": "finish what GET /api/payments/accounts says is wanted",
    "payout_below_minimum": "GET /api/payments/payout/preview says what the least amount is",
    "below_threshold": "lower the threshold, or wait for more earnings",
    "insufficient_funds": "ask for less; GET /api/payments/earnings says what there is",
    "rail_currency_unsupported": "choose an account in another currency",
}
WORDS = {
    "account_not_ready": "the payout account cannot be paid to now",
    "payout_below_minimum": "that is less than can be paid out",
    "below_threshold": "that is less than the plan's threshold",
    "insufficient_funds": "the earnings do not hold that much",
    "rail_currency_unsupported": "this rail does not pay in that currency",
}


@dataclass(frozen=True)
class Asked:
    """What is wanted of whom."""

    user_id: UUID
    account: Any
    """Row of payout_accounts."""
    currency: str
    amount_micros: int | None = None
    automatic: bool = False
    threshold_micros: int = 0


def terms_of(config: Config) -> Terms:
    """The figures in force."""
    return Terms(config.payout_fee_bps, config.payout_fee_fixed_minor)


async def request_payout(services: Services, caller: Identity, order: PayoutOrder, claim: Claim | None) -> Body:
    """The payout, as JSON. Raises Refusal, InsufficientFunds."""
    by = Actor(ActorKind.USER, str(caller.user_id), "asked for a payout")

    async def act(tx: asyncpg.Connection) -> Body:
        account = await own_account(tx, order.account_id, caller.user_id)
        row = await place(services, tx, Asked(caller.user_id, account, order.currency, order.amount_micros), by)
        if isinstance(row, Wait):
            raise refusal(row)
        return payouts.view(row).model_dump(mode="json")

    async with services.database.transaction(SERVICE) as tx:
        body, fresh = await idempotency.once(tx, claim, services.clock.now(), lambda: act(tx))
    if fresh:
        services.bells.ring(SENDER)
    return body


def refusal(wait: Wait) -> Refusal:
    """What a person is told."""
    return Refusal(WORDS[wait.reason], code=wait.reason, hint=HINTS[wait.reason])


async def own_account(tx: asyncpg.Connection, account_id: UUID, user_id: UUID) -> Any:
    """Raises Refusal: somebody else's account looks like none."""
    account = await tx.fetchrow(statement("payouts/account_of"), account_id, user_id)
    if account is None:
        raise not_found("payout account")
    return account


async def place(services: Services, tx: asyncpg.Connection, asked: Asked, by: Actor) -> Any | Wait:
    """The new row, or why there is none. Raises Refusal, InsufficientFunds; nothing happened then."""
    now, account = services.clock.now(), asked.account
    if account["rail"] == STRIPE and services.rails.stripe is None:
        hint = "ask the operator, or open an account of another rail"
        raise Refusal("this network does not pay through Stripe any more", code="rail_missing", hint=hint)
    await tx.execute(statement("payouts/lock_user"), asked.user_id)
    await check_debt(tx, asked.user_id)
    if await tx.fetchval(statement("payouts/count_open"), asked.user_id) >= MAX_WAITING:
        hint = "wait until some of them have left"
        raise Refusal(f"{MAX_WAITING} payouts of yours wait already", code="too_many_payouts", hint=hint)
    earned = await tx.fetchval(statement("payouts/earned"), asked.user_id, asked.currency)
    amount = earned if asked.amount_micros is None else asked.amount_micros
    if amount > earned or amount <= 0:
        return Wait("insufficient_funds" if asked.amount_micros else "payout_below_minimum")
    conversion = await converted(services, tx, amount, asked.currency, account["currency"])
    there = amount if conversion is None else conversion.received_micros
    decision = payout_terms.due(wish(asked, there), terms_of(services.config))
    if isinstance(decision, Wait):
        return decision
    row = await tx.fetchrow(
        statement("payouts/insert"),
        services.clock.new_id(),
        asked.user_id,
        account["id"],
        account["rail"],
        account["currency"],
        *decision,
        None if conversion is None else asked.currency,
        None if conversion is None else conversion.source_micros,
        asked.automatic,
        now,
    )
    moves = [transfers.request_payout(payout_of(row))]
    if conversion is not None:
        moves.insert(0, transfers.exchange(f"payout:{row['id']}", asked.user_id, AccountKind.EARNINGS, conversion))
    await ledger.post_many(tx, moves, by)
    detail = {"gross_micros": decision.gross_micros, "fee_micros": decision.fee_micros, "currency": row["currency"]}
    await money_events.record(tx, by, ("payout", row["id"]), "request", asked.user_id, detail)
    return row


def wish(asked: Asked, micros: int) -> Wish:
    """What is there, in the account's currency, as the terms want to see it."""
    account = asked.account
    ready = account["status"] == "active"
    return Wish(micros, micros, account["currency"], account["country"], account["rail"], ready, asked.threshold_micros)


async def converted(
    services: Services, tx: asyncpg.Connection, micros: int, source: str, target: str
) -> Conversion | None:
    """What becomes of earnings in another currency; None when it is the same. Raises Refusal."""
    if source == target:
        return None
    config, today = services.config, services.clock.now().date()
    rate = await rates.rate_of(tx, source, target, today, config.rates_max_age_days)
    return fx.convert(micros, rate, config.exchange_margin_bps)
