"""Money comes in by card (and whatever else Stripe's page offers): a Checkout Session, read back from Stripe itself."""

from datetime import UTC, datetime
from typing import Any

import stripe

from we1web.coordinator.funding import AnotherKey, Funding, NextStep, Reading, Refund, RefundReading
from we1web.coordinator.rail_errors import RailRefusal, RailUnavailable
from we1web.coordinator.stripe_client import KEY_AGE, STRIPE, StripeRail, asking, noted
from we1web.domain.currency import from_minor, to_minor
from we1web.domain.funding import Event, RefundEvent

_EXPAND = ["payment_intent.latest_charge.balance_transaction"]
_GONE = ("requires_payment_method", "canceled")


class StripeFunding:
    name = STRIPE

    def __init__(self, rail: StripeRail, site_url: str):
        self._v1 = rail.client.v1
        self._site_url = site_url

    async def open(self, funding: Funding) -> NextStep:
        """The payer pays on Stripe's page and comes back to the wallet. The same session, however often it is asked."""
        with asking():
            session = await self._v1.checkout.sessions.create_async(
                self._order(funding), {"idempotency_key": f"funding:{funding.id}"}
            )
        expires_at = datetime.fromtimestamp(session.expires_at, UTC)
        return NextStep(session_id=session.id, url=session.url, expires_at=expires_at)

    def _order(self, funding: Funding) -> Any:
        name, back = f"funding:{funding.id}", f"{self._site_url}/wallet?funding={funding.id}"
        price = {
            "currency": funding.currency,
            "unit_amount": to_minor(funding.amount_micros, funding.currency),
            "product_data": {"name": "WE1WEB balance"},
        }
        metadata = {"funding": str(funding.id)}
        return {
            "mode": "payment",
            "client_reference_id": str(funding.id),
            "line_items": [{"quantity": 1, "price_data": price}],
            "metadata": metadata,
            "payment_intent_data": {"transfer_group": name, "metadata": metadata},
            "success_url": f"{back}&paid=1",
            "cancel_url": back,
        }

    async def read(self, funding: Funding) -> Reading:
        if funding.session_id is None:
            return Reading(None)
        with asking():
            session = await self._v1.checkout.sessions.retrieve_async(funding.session_id, {"expand": _EXPAND})
        return reading_of(funding, session)

    async def refund(self, funding: Funding, refund: Refund, now: datetime) -> RefundReading | AnotherKey:
        """One refund, looked for before it is sent again; payout_rails/stripe.py says when another key is right."""
        if refund.was_tried:
            if (sent := await self._find(funding, refund)) is not None:
                return refund_of(sent)
            if now - refund.first_attempt_at > KEY_AGE:
                return AnotherKey()
        amount = to_minor(refund.amount_micros, funding.currency)
        with asking():
            made = await self._v1.refunds.create_async(
                {
                    "charge": str(funding.charge_id),
                    "amount": amount,
                    "reason": "requested_by_customer",
                    "metadata": {"refund": str(refund.id)},
                },
                {"idempotency_key": _refund_key(refund)},
            )
        return refund_of(made)

    async def _find(self, funding: Funding, refund: Refund) -> stripe.Refund | None:
        with asking():
            page = await self._v1.refunds.list_async({"charge": str(funding.charge_id), "limit": 100})
            async for found in page.auto_paging_iter():
                if noted(found.metadata, "refund") == str(refund.id):
                    return found
        return None

    async def read_refund(self, refund: Refund) -> RefundReading:
        with asking():
            return refund_of(await self._v1.refunds.retrieve_async(str(refund.refund_id)))


def _refund_key(refund: Refund) -> str:
    name = f"funding-refund:{refund.id}"
    return f"{name}:{refund.round}" if refund.round else name


def reading_of(funding: Funding, session: stripe.checkout.Session) -> Reading:
    """What a session means. Raises RailUnavailable while Stripe has not booked what it says was paid."""
    if session.status == "open":
        return Reading(None)
    if session.status == "expired":
        return Reading(Event.EXPIRE)
    intent: Any = session.payment_intent
    if session.payment_status != "paid":
        gone = intent is not None and intent.status in _GONE
        return Reading(Event.FAIL if gone else Event.PROCESS)
    charge: Any = intent.latest_charge if intent is not None else None
    booked: Any = charge.balance_transaction if charge is not None else None
    if booked is None:
        raise RailUnavailable(f"Stripe has not booked the payment of {session.id} yet")
    if charge.currency != funding.currency:
        raise RailRefusal("currency_mismatch", f"{charge.id} is in {charge.currency}, not in {funding.currency}")
    here = booked.currency == funding.currency
    return Reading(
        Event.PAY,
        from_minor(charge.amount_captured, funding.currency),
        from_minor(booked.fee, funding.currency) if here else 0,
        intent.id,
        charge.id,
        "" if here else f"settled in {booked.currency}: Stripe holds no balance in {funding.currency}",
    )


def refund_of(refund: stripe.Refund) -> RefundReading:
    """What a refund means. It may fail long after it succeeded."""
    ends = {"succeeded": RefundEvent.FINISH, "failed": RefundEvent.REFUSE, "canceled": RefundEvent.REFUSE}
    left = refund.balance_transaction is not None
    reason = str(getattr(refund, "failure_reason", None) or "")
    return RefundReading(refund.id, left, ends.get(str(refund.status)), reason)
