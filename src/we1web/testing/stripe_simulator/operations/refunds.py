"""Refunds of charges. One may wait, and fail long after it seemed to have succeeded."""

from we1web.testing.stripe_simulator import balances, currencies, events
from we1web.testing.stripe_simulator.clock import DAY_S
from we1web.testing.stripe_simulator.operation import operation
from we1web.testing.stripe_simulator.refusing import invalid
from we1web.testing.stripe_simulator.state import Call, State
from we1web.testing.stripe_simulator.store import PLATFORM, Body


@operation("post", "/v1/refunds")
def create(state: State, call: Call) -> Body:
    charge = _charge(state, call)
    if charge["status"] != "succeeded":
        raise invalid("This charge did not succeed; there is nothing to refund.", "charge_not_refundable")
    if charge["disputed"]:
        raise invalid("This charge has been charged back.", "charge_disputed")
    rest = charge["amount"] - charge["amount_refunded"]
    if rest == 0:
        raise invalid(f"Charge {charge['id']} has already been refunded.", "charge_already_refunded")
    amount = currencies.whole(call.parameters.get("amount", rest), charge["currency"])
    if amount > rest:
        raise invalid(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({rest})", None, "amount")
    refund = state.make(
        "refund",
        call.owner,
        "re",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        metadata=dict(call.parameters.get("metadata") or {}),
        payment_intent=charge["payment_intent"],
        reason=call.parameters.get("reason"),
        status="pending",
    )
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    _try(state, refund, charge)
    events.tell(state, "refund.created", refund)
    events.tell(state, "charge.refunded", charge)
    return refund


def _charge(state: State, call: Call) -> Body:
    """The charge that is meant, by its id or by its payment intent's. Raises StripeRefusal."""
    told = call.parameters
    charge_id = told.get("charge")
    if charge_id is None and "payment_intent" not in told:
        said = "One of the following params should be provided for this request: payment_intent or charge."
        raise invalid(said, "parameter_missing")
    if charge_id is None:
        intent = state.store.find(told["payment_intent"], call.owner, "payment_intent", "payment_intent").body
        charge_id = intent["latest_charge"]
        if charge_id is None:
            raise invalid("This PaymentIntent does not have a successful charge to refund.", None, "payment_intent")
    return state.store.find(charge_id, call.owner, "charge", "charge").body


def _try(state: State, refund: Body, charge: Body) -> None:
    """Takes the money if it is there, of a charge that has not settled from what is pending; else tomorrow again."""
    if refund["status"] != "pending":
        return
    booked = state.store.find(charge["balance_transaction"], PLATFORM, "balance_transaction").body
    if refund["balance_transaction"] is None:
        settled = booked["status"] == "available"
        if settled and state.balance(PLATFORM, refund["currency"]).available < refund["amount"]:
            state.clock.at(state.now() + DAY_S, lambda: _try(state, refund, charge))
            return
        moved = balances.move(
            state,
            PLATFORM,
            refund["currency"],
            -refund["amount"],
            kind="refund",
            source=refund["id"],
            available_on=None if settled else booked["available_on"],
        )
        refund["balance_transaction"] = moved["id"]
    if not state.refunds_wait:
        succeed(state, refund)


def succeed(state: State, refund: Body) -> None:
    """The payer's bank has it."""
    if refund["status"] == "pending" and refund["balance_transaction"] is not None:
        refund["status"] = "succeeded"
        events.tell(state, "refund.updated", refund)


def fail(state: State, refund: Body, reason: str) -> None:
    """The payer's bank sent it back, maybe after it succeeded: the money is in the platform's balance again."""
    if refund["status"] == "failed" or refund["balance_transaction"] is None:
        raise invalid(f"Refund {refund['id']} cannot fail: it is {refund['status']}.")
    back = balances.move(
        state, PLATFORM, refund["currency"], refund["amount"], kind="refund_failure", source=refund["id"]
    )
    refund.update(status="failed", failure_reason=reason, failure_balance_transaction=back["id"])
    charge = state.store.find(refund["charge"], PLATFORM, "charge").body
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    events.tell(state, "refund.failed", refund)
    events.tell(state, "charge.refund.updated", refund)


@operation("get", "/v1/refunds/{refund}")
def retrieve(state: State, call: Call) -> Body:
    return state.store.find(call.ids[0], call.owner, "refund", "refund").body


@operation("get", "/v1/refunds")
def list_(state: State, call: Call) -> Body:
    asked = {name: call.parameters[name] for name in ("charge", "payment_intent") if name in call.parameters}
    return state.store.page(
        call.owner, "refund", "/v1/refunds", call.parameters, lambda row: all(row[k] == v for k, v in asked.items())
    )
