"""Checkout sessions, and the payment intents and charges that come of them when somebody pays."""

from we1web.testing.stripe_simulator import balances, currencies, events
from we1web.testing.stripe_simulator.clock import DAY_S
from we1web.testing.stripe_simulator.operation import operation
from we1web.testing.stripe_simulator.refusing import invalid
from we1web.testing.stripe_simulator.state import Call, State
from we1web.testing.stripe_simulator.store import PLATFORM, Body

DECLINED = {
    "4000000000000002": ("card_declined", "generic_decline"),
    "4000000000009995": ("card_declined", "insufficient_funds"),
    "4000000000000069": ("expired_card", "expired_card"),
    "4000000000000127": ("incorrect_cvc", "incorrect_cvc"),
}
"""Stripe's test numbers of cards that fail → code and decline code."""
AT_ONCE = "4000000000000077"
"""Stripe's test number of the card whose money is available at once."""
GOOD_CARD = "4242424242424242"
LEAST_LIFE_S = 1_800


@operation("post", "/v1/checkout/sessions")
def create(state: State, call: Call) -> Body:
    told = call.parameters
    if told.get("mode") != "payment":
        raise invalid("The simulator has sessions of mode `payment` only.", None, "mode")
    amount, currency = _total(told.get("line_items", []))
    expires_at = told.get("expires_at", state.now() + DAY_S)
    if not LEAST_LIFE_S <= expires_at - state.now() <= DAY_S:
        raise invalid("The `expires_at` timestamp must be 30 minutes to 24 hours from now.", None, "expires_at")
    if not told.get("success_url"):
        raise invalid("Missing required param: success_url.", "parameter_missing", "success_url")
    named = ("client_reference_id", "cancel_url", "customer_email", "locale", "submit_type", "success_url")
    session = state.make(
        "checkout.session",
        call.owner,
        "cs_test",
        hidden={"payment": dict(told.get("payment_intent_data", {}))},
        amount_subtotal=amount,
        amount_total=amount,
        currency=currency,
        expires_at=expires_at,
        metadata=dict(told.get("metadata") or {}),
        mode="payment",
        payment_method_types=["card"],
        payment_status="unpaid",
        status="open",
        ui_mode=told.get("ui_mode", "hosted_page"),
        **{name: told[name] for name in named if name in told},
    )
    session["url"] = f"{call.base_url}/_simulator/checkout/{session['id']}"
    state.clock.at(expires_at, lambda: _expire(state, call.owner, session))
    return session


def _total(items: list[Body]) -> tuple[int, str]:
    """What the items cost together. Raises StripeRefusal."""
    if not items:
        raise invalid("Missing required param: line_items.", "parameter_missing", "line_items")
    amount, currencies_met = 0, set()
    for item in items:
        price = item.get("price_data")
        if price is None or "unit_amount" not in price:
            raise invalid("The simulator takes line items with price_data and unit_amount only.", None, "line_items")
        currencies_met.add(currencies.known(price["currency"]))
        amount += price["unit_amount"] * item.get("quantity", 1)
    if len(currencies_met) > 1:
        raise invalid("All line items must have the same currency.", None, "line_items")
    currency = currencies_met.pop()
    currencies.whole(amount, currency, "line_items")
    if amount < currencies.LEAST_CHARGE[currency]:
        raise invalid("The Checkout Session's total amount must convert to at least 50 cents.", "amount_too_small")
    return amount, currency


@operation("get", "/v1/checkout/sessions/{session}")
def retrieve(state: State, call: Call) -> Body:
    return state.store.find(call.ids[0], call.owner, "checkout.session", "session").body


@operation("get", "/v1/checkout/sessions")
def list_(state: State, call: Call) -> Body:
    asked = {name: call.parameters[name] for name in ("payment_intent", "status") if name in call.parameters}
    return state.store.page(
        call.owner,
        "checkout.session",
        "/v1/checkout/sessions",
        call.parameters,
        lambda row: all(row[k] == v for k, v in asked.items()),
    )


@operation("post", "/v1/checkout/sessions/{session}/expire")
def expire(state: State, call: Call) -> Body:
    session = retrieve(state, call)
    if session["status"] != "open":
        raise invalid('Only Checkout Sessions with a status in ["open"] can be expired.')
    _expire(state, call.owner, session)
    return session


def _expire(state: State, owner: str, session: Body) -> None:
    if session["status"] == "open":
        session.update(status="expired", url=None)
        events.tell(state, "checkout.session.expired", session, owner)


@operation("get", "/v1/payment_intents/{intent}")
def retrieve_intent(state: State, call: Call) -> Body:
    return state.store.find(call.ids[0], call.owner, "payment_intent", "intent").body


@operation("get", "/v1/charges/{charge}")
def retrieve_charge(state: State, call: Call) -> Body:
    return state.store.find(call.ids[0], call.owner, "charge", "charge").body


# --- what the payer does ----------------------------------------------------------------------------------------------


def pay(state: State, session: Body, card: str = GOOD_CARD) -> Body:
    """The payer gives a card. Returns the charge, which may have failed: the session then stays open."""
    intent = _intent(state, session)
    charge = _charge(state, intent)
    if card in DECLINED:
        code, decline = DECLINED[card]
        charge.update(status="failed", paid=False, failure_code=code, failure_message=f"Your card failed: {decline}.")
        intent["status"] = "requires_payment_method"
        events.tell(state, "charge.failed", charge)
        events.tell(state, "payment_intent.payment_failed", intent)
        return charge
    _succeed(state, intent, charge, at_once=card == AT_ONCE)
    session.update(status="complete", payment_status="paid", url=None)
    events.tell(state, "checkout.session.completed", session)
    return charge


def pay_later(state: State, session: Body, *, after_s: int, fails: bool) -> None:
    """The payer chose a debit: the session is complete now, and the money comes, or does not, later."""
    intent = _intent(state, session)
    intent["status"] = "processing"
    session.update(status="complete", payment_status="unpaid", url=None, payment_method_types=["sepa_debit"])
    events.tell(state, "payment_intent.processing", intent)
    events.tell(state, "checkout.session.completed", session)

    def end() -> None:
        charge = _charge(state, intent)
        if fails:
            charge.update(status="failed", paid=False, failure_code="insufficient_funds")
            intent["status"] = "requires_payment_method"
            events.tell(state, "payment_intent.payment_failed", intent)
            events.tell(state, "checkout.session.async_payment_failed", session)
            return
        _succeed(state, intent, charge, at_once=False)
        session["payment_status"] = "paid"
        events.tell(state, "checkout.session.async_payment_succeeded", session)

    state.clock.at(state.now() + after_s, end)


def _intent(state: State, session: Body) -> Body:
    if session["status"] != "open":
        raise invalid(f"This Checkout Session is {session['status']}.")
    if session["payment_intent"]:
        return state.store.find(session["payment_intent"], PLATFORM, "payment_intent").body
    told = state.hidden(session["id"])["payment"]
    intent = state.make(
        "payment_intent",
        PLATFORM,
        "pi",
        amount=session["amount_total"],
        currency=session["currency"],
        description=told.get("description"),
        metadata=dict(told.get("metadata") or {}),
        payment_method_types=["card"],
        status="requires_payment_method",
        transfer_group=told.get("transfer_group"),
    )
    session["payment_intent"] = intent["id"]
    return intent


def _charge(state: State, intent: Body) -> Body:
    told = {name: intent[name] for name in ("amount", "currency", "description", "transfer_group")}
    charge = state.make(
        "charge", PLATFORM, "ch", payment_intent=intent["id"], metadata=dict(intent["metadata"]), **told
    )
    intent["latest_charge"] = charge["id"]
    return charge


def _succeed(state: State, intent: Body, charge: Body, *, at_once: bool) -> None:
    amount, currency = intent["amount"], intent["currency"]
    moved = balances.move(
        state,
        PLATFORM,
        currency,
        amount,
        kind="charge",
        source=charge["id"],
        fee=currencies.processing_fee(amount, currency),
        available_on=None if at_once else state.now() + balances.SETTLING_S,
    )
    charge.update(status="succeeded", paid=True, captured=True, amount_captured=amount, balance_transaction=moved["id"])
    intent.update(status="succeeded", amount_received=amount)
    events.tell(state, "charge.succeeded", charge)
    events.tell(state, "payment_intent.succeeded", intent)
