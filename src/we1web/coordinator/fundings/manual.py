"""Money comes in by bank transfer: the payer writes a reference on it, an operator confirms what arrived."""

from datetime import datetime, timedelta
from typing import Final

from we1web.coordinator.funding import Funding, NextStep, Reading, Refund, RefundReading
from we1web.coordinator.rail_errors import RailRefusal
from we1web.domain import reference

MANUAL: Final = "manual"
WAITS = timedelta(days=30)


class ManualFunding:
    name = MANUAL

    async def open(self, funding: Funding) -> NextStep:
        return NextStep(reference=reference.make(funding.id.int), expires_at=funding.created_at + WAITS)

    async def read(self, funding: Funding) -> Reading:
        """Nobody reports what a bank received: an operator does, by confirming it."""
        return Reading(None)

    async def refund(self, funding: Funding, refund: Refund, now: datetime) -> RefundReading:
        raise RailRefusal("by_hand", "a bank transfer is sent back by hand: ask the operator")

    async def read_refund(self, refund: Refund) -> RefundReading:
        raise RailRefusal("by_hand", "a bank transfer is sent back by hand: ask the operator")
