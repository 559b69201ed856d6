"""Disputes of charges: the money goes when one is opened, with a fee, and comes back, without it, when it is won."""

from we1web.testing.stripe_simulator import balances, currencies, events
from we1web.testing.stripe_simulator.clock import DAY_S
from we1web.testing.stripe_simulator.operation import operation
from we1web.testing.stripe_simulator.refusing import invalid
from we1web.testing.stripe_simulator.state import Call, State
from we1web.testing.stripe_simulator.store import PLATFORM, Body

EVIDENCE_S = 7 * DAY_S
OPEN = ("needs_response", "under_review")


@operation("get", "/v1/disputes/{dispute}")
def retrieve(state: State, call: Call) -> Body:
    return state.store.find(call.ids[0], call.owner, "dispute", "dispute").body


@operation("get", "/v1/disputes")
def list_(state: State, call: Call) -> Body:
    asked = {name: call.parameters[name] for name in ("charge", "payment_intent") if name in call.parameters}
    return state.store.page(
        call.owner, "dispute", "/v1/disputes", call.parameters, lambda row: all(row[k] == v for k, v in asked.items())
    )


@operation("post", "/v1/disputes/{dispute}/close")
def concede(state: State, call: Call) -> Body:
    """The platform gives up: the dispute is lost."""
    dispute = retrieve(state, call)
    end(state, dispute, won=False)
    return dispute


def open_(state: State, charge: Body, reason: str) -> Body:
    """The payer's bank takes the money back."""
    if charge["status"] != "succeeded" or charge["disputed"]:
        raise invalid(f"Charge {charge['id']} cannot be disputed.")
    currency, amount = charge["currency"], charge["amount"] - charge["amount_refunded"]
    dispute = state.make(
        "dispute",
        PLATFORM,
        "du",
        amount=amount,
        charge=charge["id"],
        currency=currency,
        is_charge_refundable=False,
        payment_intent=charge["payment_intent"],
        reason=reason,
        status="needs_response",
    )
    dispute["evidence_details"].update(due_by=state.now() + EVIDENCE_S)
    charge["disputed"] = True
    events.tell(state, "charge.dispute.created", dispute)
    fee = currencies.DISPUTE_FEE[currency]
    moved = balances.move(
        state, PLATFORM, currency, -amount, kind="adjustment", source=dispute["id"], fee=fee, description="Chargeback"
    )
    dispute["balance_transactions"].append(moved)
    events.tell(state, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def end(state: State, dispute: Body, *, won: bool) -> None:
    """The bank decided. A fee that was taken stays taken."""
    if dispute["status"] not in OPEN:
        raise invalid(f"This dispute is already closed: {dispute['status']}.", "dispute_closed")
    dispute["status"] = "won" if won else "lost"
    if won:
        told = "Chargeback reversal"
        moved = balances.move(
            state,
            PLATFORM,
            dispute["currency"],
            dispute["amount"],
            kind="adjustment",
            source=dispute["id"],
            description=told,
        )
        dispute["balance_transactions"].append(moved)
        events.tell(state, "charge.dispute.funds_reinstated", dispute)
    events.tell(state, "charge.dispute.closed", dispute)
