"""The life of a payout, as one table; what it costs and when it may happen are in payout_terms.py.

requested: the money left the earnings. reserved: bound to one attempt at a rail, written down before the rail is asked.
transferred: the rail moved it. paid: the bank has it. failed: the rail refused, the money is back in the earnings.
returned: it bounced after the transfer, and what was sent is back in the earnings.
"""

from enum import StrEnum


class State(StrEnum):
    REQUESTED = "requested"
    RESERVED = "reserved"
    TRANSFERRED = "transferred"
    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"


class Event(StrEnum):
    RESERVE = "reserve"
    RELEASE = "release"
    """The rail certainly did not do it, and may do it later."""
    TRANSFER = "transfer"
    PAY = "pay"
    REFUSE = "refuse"
    """The rail will never do it."""
    BOUNCE = "bounce"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.REQUESTED, Event.RESERVE): State.RESERVED,
    (State.REQUESTED, Event.REFUSE): State.FAILED,
    (State.RESERVED, Event.RELEASE): State.REQUESTED,
    (State.RESERVED, Event.TRANSFER): State.TRANSFERRED,
    (State.RESERVED, Event.REFUSE): State.FAILED,
    (State.TRANSFERRED, Event.PAY): State.PAID,
    (State.TRANSFERRED, Event.BOUNCE): State.RETURNED,
    (State.PAID, Event.BOUNCE): State.RETURNED,
}
FINAL = frozenset({State.FAILED, State.RETURNED})
"""A paid one may still bounce."""


class NoSuchStep(ValueError):
    """What happened does not fit where the payout is."""


def advance(state: State, event: Event) -> State:
    """Where a payout is after an event. Raises NoSuchStep."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise NoSuchStep(f"a payout that is {state} cannot {event}") from None
