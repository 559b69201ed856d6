"""Pays people over Stripe: a transfer to their connected account, which Stripe then pays out to their bank by itself.

Must never send twice: our own idempotency key for each round, and after the first attempt a look at what is there
under the payout's transfer group. Stripe replays what a key met for a day, failures included; a round whose key has
met nothing but failures for KEY_AGE gets another one, when nothing is there and nothing can be under way any more.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from we1web.coordinator.payout_rail import Back, Bank, Later, Never, Order, Sent, Taken
from we1web.coordinator.rail_errors import RailRefusal
from we1web.coordinator.stripe_client import KEY_AGE, StripeRail, asking
from we1web.domain.currency import to_minor

PAGE = 100
_OF_ACCOUNT = {
    "insufficient_capabilities_for_transfer": "restricted",
    "account_invalid": "closed",
    "account_closed": "closed",
}
_SHORT = "balance_insufficient"
_OURS = ("http_401", "http_403", "http_404", "platform_api_key_expired")
"""Refusals that are the operator's to mend: nobody's money is sent back for them."""


class StripePayouts:
    name = "stripe"

    def __init__(self, rail: StripeRail):
        self._client = rail.client

    async def send(self, order: Order, now: datetime) -> Sent | Taken | Later | Never:
        """One transfer. Raises RailUnavailable."""
        if order.was_tried:
            if (found := await self._look_up(order)) is not None:
                return found
            if now - order.first_attempt_at > KEY_AGE:
                return Later("rail_unclear", "nothing was transferred; it is sent under another key", at_once=True)
        try:
            with asking():
                transfer = await self._client.v1.transfers.create_async(
                    {
                        "amount": to_minor(order.net_micros, order.currency),
                        "currency": order.currency,
                        "destination": order.destination,
                        "transfer_group": _group(order),
                        "metadata": {"payout": str(order.id)},
                    },
                    {"idempotency_key": _key(_group(order), order)},
                )
        except RailRefusal as refusal:
            return _refused(refusal)
        return _sent(transfer)

    async def take_back(self, order: Order, now: datetime) -> Back | Later:
        """A reversal of the whole transfer. Raises RailUnavailable."""
        assert order.transfer_id is not None
        try:
            with asking():
                transfer = await self._client.v1.transfers.retrieve_async(order.transfer_id)
                if transfer.reversed:
                    return Back(_reversal(transfer))
                if order.was_tried and now - order.first_attempt_at > KEY_AGE:
                    return Later("rail_unclear", "nothing was reversed; it is asked under another key", at_once=True)
                reversal = await self._client.v1.transfers.reversals.create_async(
                    order.transfer_id,
                    {"metadata": {"payout": str(order.id)}},
                    {"idempotency_key": _key(f"payout-back:{order.id}", order)},
                )
        except RailRefusal as refusal:
            reason = "account_short" if refusal.reason == _SHORT else "rail_refused"
            return Later(reason, f"{refusal.reason}: {refusal}")
        return Back(reversal.id)

    async def reversed(self, transfer_id: str) -> str | None:
        """What took all of a transfer back; None while something of it is there. Raises RailUnavailable."""
        with asking():
            transfer = await self._client.v1.transfers.retrieve_async(transfer_id)
        return _reversal(transfer) if transfer.reversed else None

    async def banked(self, destination: str, since: datetime) -> AsyncIterator[Bank]:
        """The account's payouts that reached the bank or came back. Raises RailUnavailable, RailRefusal."""
        with asking():
            listed = await self._client.v1.payouts.list_async(
                {"created": {"gte": int(since.timestamp())}, "limit": PAGE}, {"stripe_account": destination}
            )
            payouts = [payout async for payout in listed.auto_paging_iter()]
        for payout in reversed(payouts):
            if payout.status in ("paid", "failed"):
                yield await self._bank(payout, destination)

    async def _bank(self, payout: Any, destination: str) -> Bank:
        with asking():
            listed = await self._client.v1.balance_transactions.list_async(
                {"payout": payout.id, "limit": PAGE}, {"stripe_account": destination}
            )
            moved = [(m.type, str(getattr(m, "source", ""))) async for m in listed.auto_paging_iter()]
        paid = payout.status == "paid"
        return Bank(
            payout.id,
            paid,
            "" if paid else _why(payout),
            [source for kind, source in moved if kind == "payment"],
            [source for kind, source in moved if kind == "payout_failure" and source != payout.id],
        )

    async def _look_up(self, order: Order) -> Sent | None:
        """What an earlier attempt did, if it did."""
        with asking():
            listed = await self._client.v1.transfers.list_async({"transfer_group": _group(order), "limit": PAGE})
        return _sent(listed.data[0]) if listed.data else None


def _group(order: Order) -> str:
    return f"payout:{order.id}"


def _key(name: str, order: Order) -> str:
    return f"{name}:{order.round}" if order.round else name


def _sent(transfer: Any) -> Sent:
    arrived = getattr(transfer, "destination_payment", None)
    return Sent(transfer.id, arrived if isinstance(arrived, str) else getattr(arrived, "id", "") or "")


def _reversal(transfer: Any) -> str:
    """The newest reversal's id, empty when the answer does not name it."""
    listed = getattr(getattr(transfer, "reversals", None), "data", None)
    return str(listed[0].id) if listed else ""


def _why(payout: Any) -> str:
    return f"{getattr(payout, 'failure_code', '')}: {getattr(payout, 'failure_message', '')}"[:300]


def _refused(refusal: RailRefusal) -> Later | Never:
    words = f"{refusal.reason}: {refusal}"
    if refusal.reason == _SHORT:
        return Later("rail_short", words)
    if refusal.reason in _OURS:
        return Later("rail_refused", words)
    if refusal.reason == "resource_missing":  # no such destination: the account is gone
        return Never("account_closed", words, "closed")
    match _OF_ACCOUNT.get(refusal.reason):
        case "restricted":
            return Never("account_restricted", words, "restricted")
        case "closed":
            return Never("account_closed", words, "closed")
    return Never("rail_refused", words)
