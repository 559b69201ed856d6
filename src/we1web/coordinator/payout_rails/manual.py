"""The rail without a third party: an operator exports a file for their bank and says what became of it.

It moves nothing by itself: everything that happens is an operator's action (actions/payout_batches.py).
"""

from collections.abc import AsyncIterator
from datetime import datetime

from we1web.coordinator.payout_rail import Back, Bank, Later, Never, Order, Sent, Taken

CURRENCY = "eur"
"""SEPA credit transfers are in euro."""


class ManualPayouts:
    name = "manual"

    async def send(self, order: Order, now: datetime) -> Sent | Taken | Later | Never:
        """Waits for the operator; refuses what no SEPA file can carry."""
        if order.currency != CURRENCY:
            words = f"a bank transfer pays in euro, not in {order.currency.upper()}"
            return Never("rail_currency_unsupported", words)
        return Taken()

    async def take_back(self, order: Order, now: datetime) -> Back | Later:
        """The bank has sent it back already when an operator says so."""
        return Back(order.bounced_id or "")

    async def banked(self, destination: str, since: datetime) -> AsyncIterator[Bank]:
        """Nothing: the operator reads the bank's statements."""
        nothing: tuple[Bank, ...] = ()
        for said in nothing:
            yield said
