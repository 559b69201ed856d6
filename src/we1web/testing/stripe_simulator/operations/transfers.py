"""Transfers from the platform's balance to connected accounts, and their reversals."""

from typing import Any

from we1web.testing.stripe_simulator import balances, currencies, events
from we1web.testing.stripe_simulator.operation import operation
from we1web.testing.stripe_simulator.refusing import invalid
from we1web.testing.stripe_simulator.state import Call, State
from we1web.testing.stripe_simulator.store import PLATFORM, Body

NO_CAPABILITY = (
    "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
    "crypto_transfers, legacy_payments"
)


@operation("post", "/v1/transfers")
def create(state: State, call: Call) -> Body:
    told = call.parameters
    if call.owner != PLATFORM:
        raise invalid("The simulator transfers from the platform only.")
    currency = currencies.known(told["currency"])
    if "amount" not in told:
        raise invalid("Missing required param: amount.", "parameter_missing", "amount")
    amount = currencies.whole(told["amount"], currency)
    _require_destination(state, told["destination"])
    source = told.get("source_transaction")
    available_on, group = _from_charge(state, source, amount, currency) if source else (None, None)
    if not source:
        state.require_available(PLATFORM, currency, amount)
    transfer = state.make(
        "transfer",
        PLATFORM,
        "tr",
        amount=amount,
        currency=currency,
        description=told.get("description"),
        destination=told["destination"],
        metadata=dict(told.get("metadata") or {}),
        source_transaction=source,
        source_type=told.get("source_type", "card"),
        transfer_group=told.get("transfer_group", group),
    )
    transfer["reversals"] = {"object": "list", "data": [], "has_more": False, "url": _reversals_url(transfer["id"])}
    _book(state, transfer, available_on)
    events.tell(state, "transfer.created", transfer)
    return transfer


def _require_destination(state: State, id_: str) -> None:
    account = state.accounts.get(id_)
    if account is None or account.closed:
        raise invalid(f"No such destination: '{id_[:100]}'", "resource_missing", "destination")
    if not account.can_receive:
        raise invalid(NO_CAPABILITY, "insufficient_capabilities_for_transfer")


def _from_charge(state: State, charge_id: str, amount: int, currency: str) -> tuple[int, str | None]:
    """When the money of a charge becomes available, and its group. Raises StripeRefusal."""
    charge = state.store.find(charge_id, PLATFORM, "charge", "source_transaction").body
    if charge["currency"] != currency or not charge["balance_transaction"]:
        raise invalid(
            "The currency of source_transaction's balance transaction must be that of the transfer.", None, "currency"
        )
    used = [row.body for row in state.store.of(PLATFORM, "transfer") if row.body["source_transaction"] == charge_id]
    if sum(transfer["amount"] for transfer in used) + amount > charge["amount"]:
        raise invalid("Transfers using this transaction as a source must not exceed the source amount.", None, "amount")
    booked = state.store.find(charge["balance_transaction"], PLATFORM, "balance_transaction").body
    return booked["available_on"], charge["transfer_group"]


def _book(state: State, transfer: Body, available_on: int | None) -> None:
    """Out of the platform's balance, into the account's as a payment."""
    amount, currency, destination = transfer["amount"], transfer["currency"], transfer["destination"]
    payment = state.make(
        "charge",
        destination,
        "py",
        amount=amount,
        amount_captured=amount,
        captured=True,
        currency=currency,
        paid=True,
        source_transfer=transfer["id"],
        status="succeeded",
        transfer_group=transfer["transfer_group"],
    )
    later: dict[str, Any] = {"available_on": available_on}
    out = balances.move(state, PLATFORM, currency, -amount, kind="transfer", source=transfer["id"], **later)
    into = balances.move(state, destination, currency, amount, kind="payment", source=payment["id"], **later)
    transfer["balance_transaction"], transfer["destination_payment"] = out["id"], payment["id"]
    payment["balance_transaction"] = into["id"]


@operation("get", "/v1/transfers/{transfer}")
def retrieve(state: State, call: Call) -> Body:
    return state.store.find(call.ids[0], call.owner, "transfer", "transfer").body


@operation("get", "/v1/transfers")
def list_(state: State, call: Call) -> Body:
    asked = {name: call.parameters[name] for name in ("destination", "transfer_group") if name in call.parameters}
    return state.store.page(
        call.owner, "transfer", "/v1/transfers", call.parameters, lambda row: all(row[k] == v for k, v in asked.items())
    )


@operation("post", "/v1/transfers/{id}/reversals")
def reverse(state: State, call: Call) -> Body:
    transfer = state.store.find(call.ids[0], call.owner, "transfer").body
    rest = transfer["amount"] - transfer["amount_reversed"]
    if rest == 0:
        raise invalid(f"Transfer {transfer['id']} is already fully reversed.", None, "amount")
    amount = currencies.whole(call.parameters.get("amount", rest), transfer["currency"])
    if amount > rest:
        raise invalid(
            f"Reversal amount ({amount}) is greater than unreversed amount on transfer ({rest}).", None, "amount"
        )
    destination, currency = transfer["destination"], transfer["currency"]
    state.require_available(destination, currency, amount)
    reversal = state.make(
        "transfer_reversal",
        PLATFORM,
        "trr",
        amount=amount,
        currency=currency,
        metadata=dict(call.parameters.get("metadata") or {}),
        transfer=transfer["id"],
    )
    back = state.make(
        "refund",
        destination,
        "pyr",
        amount=amount,
        currency=currency,
        charge=transfer["destination_payment"],
        status="succeeded",
    )
    out = balances.move(state, destination, currency, -amount, kind="payment_refund", source=back["id"])
    into = balances.move(state, PLATFORM, currency, amount, kind="transfer_refund", source=reversal["id"])
    back["balance_transaction"] = out["id"]
    reversal.update(balance_transaction=into["id"], destination_payment_refund=back["id"])
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    transfer["reversals"]["data"].insert(0, reversal)
    _mark_refunded(state, transfer["destination_payment"], amount)
    events.tell(state, "transfer.reversed", transfer)
    return reversal


def _mark_refunded(state: State, payment_id: str, amount: int) -> None:
    stored = state.store.get(payment_id)
    assert stored is not None
    stored.body["amount_refunded"] += amount
    stored.body["refunded"] = stored.body["amount_refunded"] == stored.body["amount"]


def _reversals_url(id_: str) -> str:
    return f"/v1/transfers/{id_}/reversals"


@operation("get", "/v1/transfers/{id}/reversals")
def list_reversals(state: State, call: Call) -> Body:
    transfer = state.store.find(call.ids[0], call.owner, "transfer").body
    asked = {name: value for name, value in call.parameters.items() if name != "id"}
    return state.store.page(
        PLATFORM,
        "transfer_reversal",
        _reversals_url(transfer["id"]),
        asked,
        lambda row: row["transfer"] == transfer["id"],
    )
