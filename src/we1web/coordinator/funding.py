"""The contract of a way money comes in: a kind is a file in fundings/. It talks to its rail and never to the database.

`open` answers what the payer does next and may be called again for the same funding: there is one at the rail.
`read` answers what became of it, from the rail itself. Both raise RailUnavailable or RailRefusal.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

import asyncpg

from we1web.coordinator.refusals import Refusal
from we1web.domain.funding import Event, RefundEvent, State
from we1web.domain.transfers import Payin


@dataclass(frozen=True)
class Funding:
    """A row of public.fundings, as far as rails and actions need it."""

    id: UUID
    user_id: UUID
    rail: str
    currency: str
    amount_micros: int
    cost_micros: int
    state: State
    refunded_micros: int
    disputed_micros: int
    reference: str | None
    session_id: str | None
    payment_id: str | None
    charge_id: str | None
    created_at: datetime

    @property
    def payin(self) -> Payin:
        """What the recipes of domain/transfers.py take."""
        return Payin(self.id, self.user_id, self.rail, self.currency, self.amount_micros, self.cost_micros)


def of_row(row: asyncpg.Record) -> Funding:
    values = {name: row[name] for name in Funding.__dataclass_fields__}
    return Funding(**values | {"state": State(row["state"])})


class NextStep(NamedTuple):
    """What the payer does: opens an address, or writes a reference on a bank transfer."""

    session_id: str | None = None
    url: str | None = None
    reference: str | None = None
    expires_at: datetime | None = None


class Reading(NamedTuple):
    """What the rail says: an event of domain/funding.py (None: nothing new), and of a payment what arrived."""

    event: Event | None
    amount_micros: int = 0
    cost_micros: int = 0
    payment_id: str | None = None
    charge_id: str | None = None
    note: str = ""
    """For the operator, when something is not as it should be."""


class RefundReading(NamedTuple):
    """What the rail says of a refund. `left`: the money has left what the rail holds for us."""

    refund_id: str
    left: bool
    end: RefundEvent | None = None
    """FINISH or REFUSE, when it has ended."""
    reason: str = ""


class AnotherKey(NamedTuple):
    """Nothing was sent under this key, and nothing ever will be: it is sent again under another one."""


class Refund(NamedTuple):
    """A row of public.funding_refunds that is to be sent or read."""

    id: UUID
    amount_micros: int
    first_attempt_at: datetime
    """Of this round."""
    refund_id: str | None
    round: int = 0
    """Part of the idempotency key."""
    was_tried: bool = False
    """Something was sent under this round's key before."""


class FundingRail(Protocol):
    """One way in."""

    @property
    def name(self) -> str: ...

    async def open(self, funding: Funding) -> NextStep: ...

    async def read(self, funding: Funding) -> Reading: ...

    async def refund(self, funding: Funding, refund: Refund, now: datetime) -> RefundReading | AnotherKey:
        """Sends it, or finds what was sent before under the same id."""

    async def read_refund(self, refund: Refund) -> RefundReading: ...


def no_rail(name: str) -> Refusal:
    """For a rail this network does not have, or not for this currency."""
    hint = "GET /api/payments/rails says which there are"
    return Refusal(f"money cannot come in by {name} here", code="rail_missing", hint=hint)
