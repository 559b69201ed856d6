"""The contract of what pays people: send, take back, and look at what banks said. Kinds of it are in payout_rails/.

A rail knows no database. It may be asked the same again at any time and must then do nothing twice. What it answers is
certain: whoever cannot tell whether something happened raises RailUnavailable, and is asked again.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Order:
    """A payout that is bound to an attempt at a rail."""

    id: UUID
    user: UUID
    rail: str
    currency: str
    gross_micros: int
    fee_micros: int
    destination: str
    """The rail's id of the account."""
    round: int
    """Grows with every certain refusal: part of the idempotency key."""
    was_tried: bool
    """Something was sent under this round's key before."""
    first_attempt_at: datetime
    """Of this round."""
    until: datetime
    """After that another sender may be at it: nothing is begun any more."""
    transfer_id: str | None = None
    bounced_id: str | None = None
    """The bank's payout that failed: the transfer is to be taken back."""

    @property
    def net_micros(self) -> int:
        return self.gross_micros - self.fee_micros


class Sent(NamedTuple):
    """The rail moved it."""

    transfer_id: str
    arrival_id: str
    """What arrived at the account, in the rail's words."""


class Taken(NamedTuple):
    """It is an operator's turn: nothing moved, and nothing is asked again."""


class Later(NamedTuple):
    """The rail certainly did not do it, and may do it later."""

    reason: str
    detail: str
    at_once: bool = False
    """Ask again without waiting, with another key."""


class Never(NamedTuple):
    """The rail will not do it: the money goes back."""

    reason: str
    detail: str
    account: Literal["restricted", "closed"] | None = None
    """What this says of the account."""


class Back(NamedTuple):
    """What was sent is with us again."""

    reversal_id: str


class Bank(NamedTuple):
    """What the bank did with what had arrived at an account."""

    id: str
    paid: bool
    """False: it sent it back."""
    detail: str
    arrivals: list[str]
    again: list[str]
    """Earlier payouts of the bank that had failed and are paid with this one."""


class PayoutRail(Protocol):
    """One way to pay people."""

    @property
    def name(self) -> str: ...

    async def send(self, order: Order, now: datetime) -> Sent | Taken | Later | Never:
        """Pays it, once. Raises RailUnavailable."""

    async def take_back(self, order: Order, now: datetime) -> Back | Later:
        """Takes back what was sent, once. Raises RailUnavailable."""

    def banked(self, destination: str, since: datetime) -> AsyncIterator[Bank]:
        """What the bank of an account did since then, in the order it began. Raises RailUnavailable."""
