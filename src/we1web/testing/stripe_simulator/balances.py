"""Money in the simulator: every change of a balance is one balance transaction, and nothing else changes a balance."""

from we1web.testing.stripe_simulator import events
from we1web.testing.stripe_simulator.clock import DAY_S
from we1web.testing.stripe_simulator.state import State
from we1web.testing.stripe_simulator.store import PLATFORM, Body

SETTLING_S = 2 * DAY_S
REPORTED_AS = {
    "payment": "charge",
    "payment_refund": "refund",
    "transfer_refund": "transfer_reversal",
    "stripe_fee": "fee",
}
"""Reporting category, where it is not the type's name."""


def move(
    state: State,
    owner: str,
    currency: str,
    amount: int,
    *,
    kind: str,
    source: str | None,
    fee: int = 0,
    description: str | None = None,
    available_on: int | None = None,
) -> Body:
    """Moves `amount - fee` into (or, negative, out of) a balance: at once, or as pending until `available_on`."""
    pending = available_on is not None and available_on > state.now()
    body = state.make(
        "balance_transaction",
        owner,
        "txn",
        amount=amount,
        available_on=available_on if available_on is not None and pending else state.now(),
        balance_type="payments",
        currency=currency,
        description=description,
        fee=fee,
        fee_details=[_processing(fee, currency)] if fee else [],
        net=amount - fee,
        reporting_category=REPORTED_AS.get(kind, kind),
        source=source,
        status="pending" if pending else "available",
        type=kind,
    )
    balance = state.balance(owner, currency)
    if pending:
        balance.pending += amount - fee
        state.clock.at(body["available_on"], lambda: _settle(state, owner, body))
    else:
        balance.available += amount - fee
    return body


def _settle(state: State, owner: str, body: Body) -> None:
    balance = state.balance(owner, body["currency"])
    balance.pending -= body["net"]
    balance.available += body["net"]
    body["status"] = "available"
    events.tell(state, "balance.available", shown(state, owner), owner)


def _processing(fee: int, currency: str) -> Body:
    told = "Stripe processing fees"
    return {"amount": fee, "application": None, "currency": currency, "description": told, "type": "stripe_fee"}


def shown(state: State, owner: str) -> Body:
    """A balance as the interface answers it."""
    held = [(currency, balance) for (whose, currency), balance in sorted(state.balances.items()) if whose == owner]

    def amounts(which: str) -> list[Body]:
        found = [(currency, getattr(balance, which)) for currency, balance in held] or [("usd", 0)]
        return [{"amount": n, "currency": currency, "source_types": {"card": n}} for currency, n in found]

    return state.checker.blank("balance") | {"available": amounts("available"), "pending": amounts("pending")}


def monthly_fee(state: State, currency: str, amount: int, description: str) -> Body:
    """What Stripe takes for connected accounts and payouts: a movement of its own, with no source."""
    return move(state, PLATFORM, currency, -amount, kind="stripe_fee", source=None, description=description)


def sums(state: State) -> dict[tuple[str, str], tuple[int, int]]:
    """For each account and currency: the balance, and the sum of its balance transactions. They are always equal."""
    found = {key: (balance.available + balance.pending, 0) for key, balance in state.balances.items()}
    for owner in state.store.owners("balance_transaction"):
        for row in state.store.of(owner, "balance_transaction"):
            key = (owner, row.body["currency"])
            held, booked = found[key]
            found[key] = (held, booked + row.body["net"])
    return found
