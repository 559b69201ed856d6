"""The life of a funding (money on its way into a wallet) and of a refund of it, as two tables.

A funding is open until its payer acts; processing while the payer's bank takes its time; paid once it is in the wallet.
Money that comes after we gave up waiting is money all the same: what is expired or failed may still be paid.
A refund is requested when the money has left the wallet, sent when the rail accepted it; a refused one puts it back.
"""

from enum import StrEnum


class State(StrEnum):
    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    EXPIRED = "expired"
    FAILED = "failed"


class Event(StrEnum):
    PROCESS = "process"
    PAY = "pay"
    EXPIRE = "expire"
    FAIL = "fail"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.OPEN, Event.PROCESS): State.PROCESSING,
    (State.OPEN, Event.PAY): State.PAID,
    (State.OPEN, Event.EXPIRE): State.EXPIRED,
    (State.OPEN, Event.FAIL): State.FAILED,
    (State.PROCESSING, Event.PAY): State.PAID,
    (State.PROCESSING, Event.FAIL): State.FAILED,
    (State.EXPIRED, Event.PAY): State.PAID,
    (State.FAILED, Event.PAY): State.PAID,
}


class RefundState(StrEnum):
    REQUESTED = "requested"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


class RefundEvent(StrEnum):
    SEND = "send"
    FINISH = "finish"
    REFUSE = "refuse"


REFUND_TRANSITIONS: dict[tuple[RefundState, RefundEvent], RefundState] = {
    (RefundState.REQUESTED, RefundEvent.SEND): RefundState.SENT,
    (RefundState.REQUESTED, RefundEvent.REFUSE): RefundState.FAILED,
    (RefundState.SENT, RefundEvent.FINISH): RefundState.DONE,
    (RefundState.SENT, RefundEvent.REFUSE): RefundState.FAILED,
    (RefundState.DONE, RefundEvent.REFUSE): RefundState.FAILED,
}


class NoSuchStep(ValueError):
    """What happened does not fit where it is."""


def advance(state: State, event: Event) -> State:
    """Where a funding is after an event. Raises NoSuchStep."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise NoSuchStep(f"a funding that is {state} cannot {event}") from None


def advance_refund(state: RefundState, event: RefundEvent) -> RefundState:
    """Where a refund is after an event. Raises NoSuchStep."""
    try:
        return REFUND_TRANSITIONS[state, event]
    except KeyError:
        raise NoSuchStep(f"a refund that is {state} cannot {event}") from None
