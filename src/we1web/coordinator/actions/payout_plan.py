"""When a contributor is paid without asking: the plan, what a payout would be, and the plan's turn when it comes."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from we1web.coordinator.actions import request_payout
from we1web.coordinator.actions.request_payout import Asked, terms_of
from we1web.coordinator.auth.identity import Identity
from we1web.coordinator.payout_schemas import PayoutPlan, PayoutPlanOrder, PayoutPreview
from we1web.coordinator.refusals import Refusal
from we1web.coordinator.services import Services
from we1web.coordinator.storage import money_events
from we1web.coordinator.storage.ledger import InsufficientFunds
from we1web.coordinator.storage.principal import SERVICE
from we1web.coordinator.storage.statements import statement
from we1web.domain import payout_terms
from we1web.domain.ledger import Actor, ActorKind
from we1web.domain.payout_terms import NoSuchRail, Wait

_NONE: dict[str, Any] = {"every": "never", "threshold_micros": 0, "next_on": None, "account_id": None}


async def preview(
    services: Services, caller: Identity, account_id: UUID, currency: str, amount_micros: int | None
) -> PayoutPreview:
    """What a payout would be now: fee, share, rate, when. Raises Refusal."""
    async with services.database.transaction(SERVICE) as tx:
        account = await request_payout.own_account(tx, account_id, caller.user_id)
        earned = await tx.fetchval(statement("payouts/earned"), caller.user_id, currency)
        amount = earned if amount_micros is None else amount_micros
        target, rail, country = account["currency"], account["rail"], account["country"]
        conversion = await request_payout.converted(services, tx, amount, currency, target) if amount > 0 else None
    terms, today = terms_of(services.config), services.clock.now().date()
    there = amount if conversion is None else conversion.received_micros
    try:
        shown = payout_terms.preview(max(0, there), target, country, rail, today, terms)
    except NoSuchRail:
        raise request_payout.refusal(Wait("rail_currency_unsupported")) from None
    asked = Asked(caller.user_id, account, currency, amount)
    decision = payout_terms.due(request_payout.wish(asked, there), terms)
    refused = decision.reason if isinstance(decision, Wait) else ""
    return PayoutPreview(
        currency=target,
        rail=rail,
        available_micros=earned,
        source_currency=currency,
        source_micros=amount,
        rate_nanos=None if conversion is None else conversion.rate.nanos,
        rate_day=None if conversion is None else conversion.rate.day,
        margin_micros=0 if conversion is None else conversion.margin_micros,
        margin_bps=0 if conversion is None else conversion.margin_bps,
        suggested_threshold_micros=payout_terms.suggested_threshold(target, country, rail, terms),
        refusal="insufficient_funds" if amount > earned else refused,
        **shown._asdict(),
    )


async def plan(services: Services, caller: Identity) -> PayoutPlan:
    """The caller's plan; that of somebody who has none is `never`."""
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("payouts/plan"), caller.user_id)
        found = dict(row) if row is not None else _NONE | {"currency": services.config.currency}
        return _shown(services, found, await _account(tx, caller, found["account_id"]))


async def put_plan(services: Services, caller: Identity, order: PayoutPlanOrder) -> PayoutPlan:
    """The plan as it is from now on. Raises Refusal."""
    now = services.clock.now()
    if order.every != "never" and order.account_id is None:
        hint = "name one of GET /api/payments/accounts"
        raise Refusal("a plan needs an account to pay to", code="invalid_request", hint=hint)
    async with services.database.transaction(SERVICE) as tx:
        account = await _account(tx, caller, order.account_id)
        threshold = order.threshold_micros
        if threshold is None:
            threshold = 0 if account is None else _suggested(services, account)
        next_on = payout_terms.next_date(order.every, now.date())
        fields = (order.every, order.currency, threshold, next_on, order.account_id)
        await tx.execute(statement("payouts/put_plan"), caller.user_id, *fields, now)
        by = Actor(ActorKind.USER, str(caller.user_id), "changed the payout plan")
        detail: dict[str, str | int] = {"every": order.every, "currency": order.currency, "threshold_micros": threshold}
        await money_events.record(tx, by, ("payout_plan", caller.user_id), "change", caller.user_id, detail)
        row = await tx.fetchrow(statement("payouts/plan"), caller.user_id)
    return _shown(services, dict(row), account)


async def take_turn(services: Services, user_id: UUID, now: datetime, by: Actor) -> bool:
    """One plan whose day has come: it pays, or says why not in the log of events; either way it waits for its next day.

    Whether it paid. In a transaction of its own: a ledger that refuses one plan stops no other.
    """
    async with services.database.transaction(SERVICE) as tx:
        row = await tx.fetchrow(statement("payouts/lock_plan"), user_id, now.date())
        if row is None:
            return False
        await tx.execute(statement("payouts/plan_done"), user_id, payout_terms.next_date(row["every"], now.date()))
        account = await tx.fetchrow(statement("payouts/account_of"), row["account_id"], user_id)
        reason = "account_not_ready"
        if account is not None:
            threshold = row["threshold_micros"]
            asked = Asked(user_id, account, row["currency"], automatic=True, threshold_micros=threshold)
            try:
                async with tx.transaction():
                    placed = await request_payout.place(services, tx, asked, by)
                if not isinstance(placed, Wait):
                    return True
                reason = placed.reason
            except (Refusal, InsufficientFunds) as refused:
                reason = refused.code
        await money_events.record(tx, by, ("payout_plan", user_id), "waits", user_id, {"reason": reason})
    return False


async def _account(tx: asyncpg.Connection, caller: Identity, account_id: UUID | None) -> Any | None:
    return None if account_id is None else await request_payout.own_account(tx, account_id, caller.user_id)


def _suggested(services: Services, account: Any) -> int:
    terms = terms_of(services.config)
    try:
        return payout_terms.suggested_threshold(account["currency"], account["country"], account["rail"], terms)
    except NoSuchRail:
        raise request_payout.refusal(Wait("rail_currency_unsupported")) from None


def _shown(services: Services, row: dict[str, Any], account: Any | None) -> PayoutPlan:
    terms, fee = terms_of(services.config), 0
    if account is not None and terms.carries(account["rail"], account["currency"]):
        gross = payout_terms.payable(row["threshold_micros"], account["currency"], account["rail"])
        fee = payout_terms.fee_of(gross, account["currency"], account["rail"], terms)
    suggested = 0 if account is None else _suggested(services, account)
    return PayoutPlan(threshold_fee_micros=fee, suggested_threshold_micros=suggested, **row)
