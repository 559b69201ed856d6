"""What an account holds, what moved it, and how it is paid out."""

from we1web.testing.stripe_simulator import balances
from we1web.testing.stripe_simulator.operation import operation
from we1web.testing.stripe_simulator.operations.accounts import merged
from we1web.testing.stripe_simulator.refusing import invalid
from we1web.testing.stripe_simulator.state import Call, State
from we1web.testing.stripe_simulator.store import PLATFORM, Body


@operation("get", "/v1/balance")
def retrieve(state: State, call: Call) -> Body:
    return balances.shown(state, call.owner)


@operation("get", "/v1/balance_transactions")
def list_transactions(state: State, call: Call) -> Body:
    asked = call.parameters
    of_payout: set[str] | None = None
    if "payout" in asked:
        payout = state.store.find(asked["payout"], call.owner, "payout", "payout")
        if not payout.body["automatic"]:
            raise invalid(
                "Balance transaction history can only be filtered on automatic transfers, not manual.", None, "payout"
            )
        of_payout = set(payout.hidden["transactions"])

    def wanted(row: Body) -> bool:
        return all(row[name] == asked[name] for name in ("type", "source", "currency") if name in asked) and (
            of_payout is None or row["id"] in of_payout
        )

    return state.store.page(call.owner, "balance_transaction", "/v1/balance_transactions", asked, wanted)


@operation("get", "/v1/balance_transactions/{id}")
def retrieve_transaction(state: State, call: Call) -> Body:
    return state.store.find(call.ids[0], call.owner, "balance_transaction").body


@operation("get", "/v1/balance_settings")
def retrieve_settings(state: State, call: Call) -> Body:
    return settings(state, call.owner)


@operation("post", "/v1/balance_settings")
def update_settings(state: State, call: Call) -> Body:
    changed = settings(state, call.owner)
    payments = call.parameters.get("payments", {})
    schedule = payments.get("payouts", {}).get("schedule", {})
    if schedule.get("interval") == "weekly" and not schedule.get("weekly_payout_days"):
        raise invalid(
            "weekly_payout_days is required.", "parameter_missing", "payments[payouts][schedule][weekly_payout_days]"
        )
    if schedule.get("interval") == "monthly" and not schedule.get("monthly_payout_days"):
        raise invalid(
            "monthly_payout_days is required.", "parameter_missing", "payments[payouts][schedule][monthly_payout_days]"
        )
    timing = payments.get("settlement_timing", {})
    if "delay_days_override" in timing:
        payments = payments | {"settlement_timing": {"delay_days_override": timing["delay_days_override"] or None}}
    if schedule:
        changed["payments"]["payouts"]["schedule"] = {}
    state.settings[call.owner] = changed | {"payments": merged(changed["payments"], payments)}
    return state.settings[call.owner]


def settings(state: State, owner: str) -> Body:
    """How an account is paid out; Stripe's own default for connected accounts is daily."""
    interval = state.platform_schedule if owner == PLATFORM else "daily"
    payouts = {
        "minimum_balance_by_currency": None,
        "schedule": {"interval": interval},
        "statement_descriptor": None,
        "status": "enabled",
    }
    timing = {"delay_days": 2}
    payments = {"debit_negative_balances": False, "payouts": payouts, "settlement_timing": timing}
    return state.settings.setdefault(owner, {"object": "balance_settings", "payments": payments})
