"""Payouts from a balance to a bank: by hand, or by the account's schedule; paid, refused, or sent back late."""

from datetime import UTC, datetime

from we1web.testing.stripe_simulator import balances, currencies, events
from we1web.testing.stripe_simulator.clock import DAY_S, HOUR_S, next_midnight
from we1web.testing.stripe_simulator.operation import operation
from we1web.testing.stripe_simulator.operations.balance import settings
from we1web.testing.stripe_simulator.refusing import invalid
from we1web.testing.stripe_simulator.state import Call, State
from we1web.testing.stripe_simulator.store import Body

ARRIVAL_S = 2 * DAY_S
LATE_FAILURE_S = 2 * DAY_S
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@operation("post", "/v1/payouts")
def create(state: State, call: Call) -> Body:
    told = call.parameters
    account = state.accounts.get(call.owner)
    if account is not None and not account.can_pay_out:
        raise invalid("Payouts are not enabled on this account.", "payouts_not_allowed")
    currency = currencies.known(told["currency"])
    amount = currencies.whole(told["amount"], currency)
    state.require_available(call.owner, currency, amount)
    told_on = {name: told[name] for name in ("description", "method", "statement_descriptor") if name in told}
    return start(state, call.owner, currency, amount, metadata=dict(told.get("metadata") or {}), **told_on)


def start(state: State, owner: str, currency: str, amount: int, *, automatic: bool = False, **fields: object) -> Body:
    """A payout begins: its money leaves the balance now and reaches the bank later, or comes back."""
    body = {"method": "standard", "metadata": {}, **fields}
    payout = state.make(
        "payout",
        owner,
        "po",
        hidden={"transactions": []},
        amount=amount,
        arrival_date=next_midnight(state.now()) + ARRIVAL_S,
        automatic=automatic,
        currency=currency,
        destination=f"ba_of_{owner}",
        reconciliation_status="in_progress" if automatic else "not_applicable",
        source_type="card",
        status="pending",
        type="bank_account",
        **body,
    )
    moved = balances.move(state, owner, currency, -amount, kind="payout", source=payout["id"])
    payout["balance_transaction"] = moved["id"]
    if automatic:
        state.hidden(moved["id"])["payout"] = payout["id"]
        state.hidden(payout["id"])["transactions"].append(moved["id"])
    events.tell(state, "payout.created", payout, owner)
    state.clock.at(state.now() + HOUR_S, lambda: _send(payout))
    state.clock.at(payout["arrival_date"], lambda: _arrive(state, owner, payout))
    return payout


def _send(payout: Body) -> None:
    if payout["status"] == "pending":
        payout["status"] = "in_transit"


def _arrive(state: State, owner: str, payout: Body) -> None:
    if payout["status"] not in ("pending", "in_transit"):
        return
    account = state.accounts.get(owner)
    refusal = account.refusal_of_bank if account else None
    if refusal and account and not account.bank_fails_late:
        fail(state, owner, payout, refusal)
        return
    payout["status"] = "paid"
    events.tell(state, "payout.paid", payout, owner)
    if payout["automatic"]:
        payout["reconciliation_status"] = "completed"
        events.tell(state, "payout.reconciliation_completed", payout, owner)
    if refusal:
        state.clock.at(state.now() + LATE_FAILURE_S, lambda: fail(state, owner, payout, refusal))


def fail(state: State, owner: str, payout: Body, reason: str) -> None:
    """The bank sent the money back: it is in the balance again, and Stripe asks for another bank."""
    back = balances.move(state, owner, payout["currency"], payout["amount"], kind="payout_failure", source=payout["id"])
    payout.update(
        status="failed",
        failure_balance_transaction=back["id"],
        failure_code=reason,
        failure_message=f"The simulated bank refused: {reason}",
    )
    events.tell(state, "payout.failed", payout, owner)
    account = state.accounts.get(owner)
    if account is not None:
        account.bank_errored = True
        events.tell_of_account(state, account)


@operation("get", "/v1/payouts/{payout}")
def retrieve(state: State, call: Call) -> Body:
    return state.store.find(call.ids[0], call.owner, "payout", "payout").body


@operation("get", "/v1/payouts")
def list_(state: State, call: Call) -> Body:
    asked = {name: call.parameters[name] for name in ("status", "destination") if name in call.parameters}
    return state.store.page(
        call.owner, "payout", "/v1/payouts", call.parameters, lambda row: all(row[k] == v for k, v in asked.items())
    )


@operation("post", "/v1/payouts/{payout}/cancel")
def cancel(state: State, call: Call) -> Body:
    payout = state.store.find(call.ids[0], call.owner, "payout", "payout").body
    if payout["status"] != "pending" or payout["automatic"]:
        raise invalid("Payouts can only be canceled while they are pending and not automatic.", "payout_not_cancelable")
    back = balances.move(
        state, call.owner, payout["currency"], payout["amount"], kind="payout_cancel", source=payout["id"]
    )
    payout.update(status="canceled", failure_balance_transaction=back["id"])
    events.tell(state, "payout.canceled", payout, call.owner)
    return payout


# --- by schedule ------------------------------------------------------------------------------------------------------


def schedule(state: State) -> None:
    """Runs the schedules of all accounts every midnight from now on."""

    def midnight() -> None:
        run_schedules(state)
        schedule(state)

    state.clock.at(next_midnight(state.now()), midnight)


def run_schedules(state: State) -> None:
    """Starts the payouts that are due today: everything available, with the balance transactions it is made of."""
    for owner, currency in sorted(state.balances):
        account = state.accounts.get(owner)
        if (account is None or account.can_pay_out) and _due(state, owner):
            _pay_out(state, owner, currency)


def _due(state: State, owner: str) -> bool:
    when = settings(state, owner)["payments"]["payouts"]["schedule"]
    today = datetime.fromtimestamp(state.now(), UTC)
    match when["interval"]:
        case "daily":
            return True
        case "weekly":
            return WEEKDAYS[today.weekday()] in when["weekly_payout_days"]
        case "monthly":
            return today.day in when["monthly_payout_days"]
    return False


def _pay_out(state: State, owner: str, currency: str) -> None:
    payouts = settings(state, owner)["payments"]["payouts"]
    kept = (payouts.get("minimum_balance_by_currency") or {}).get(currency, 0)
    amount = state.balance(owner, currency).available - kept
    if currency in currencies.THREE_DECIMALS:
        amount -= amount % 10
    if amount < 1:
        return
    body = start(state, owner, currency, amount, automatic=True)
    for row in state.store.of(owner, "balance_transaction"):
        if row.body["currency"] == currency and row.body["status"] == "available" and "payout" not in row.hidden:
            row.hidden["payout"] = body["id"]
            state.hidden(body["id"])["transactions"].append(row.body["id"])
