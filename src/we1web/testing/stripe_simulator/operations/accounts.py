"""Connected accounts as recipients (second version of the interface), and links that onboard their owners."""

from typing import Any

from we1web.testing.stripe_simulator import events
from we1web.testing.stripe_simulator.account import Account, first_version, second_version
from we1web.testing.stripe_simulator.clock import iso
from we1web.testing.stripe_simulator.operation import operation
from we1web.testing.stripe_simulator.refusing import invalid
from we1web.testing.stripe_simulator.state import Call, State
from we1web.testing.stripe_simulator.store import Body, limit_of

LINK_LIFE_S = 300


@operation("post", "/v2/core/accounts")
def create(state: State, call: Call) -> Body:
    told = call.parameters
    configuration = told.get("configuration", {})
    if set(configuration) - {"recipient"}:
        raise invalid("The simulator has recipients only.", "unsupported_configuration", "configuration")
    country = told.get("identity", {}).get("country")
    if "recipient" in configuration and not country:
        raise invalid("identity.country is required for the recipient configuration.", None, "identity.country")
    account = Account(
        state.new_id("acct"), state.now(), str(country or "us").lower(), recipient="recipient" in configuration
    )
    account.parameters = _without_include(told)
    state.accounts[account.id] = account
    events.tell_thin(state, "v2.core.account.created", account)
    return _shown(state, account, call)


@operation("get", "/v2/core/accounts/{id}")
def retrieve(state: State, call: Call) -> Body:
    return _shown(state, state.account(call.ids[0], "id"), call)


@operation("post", "/v2/core/accounts/{id}")
def update(state: State, call: Call) -> Body:
    account = state.account(call.ids[0], "id")
    if account.closed:
        raise invalid("This account is closed.", "account_closed")
    account.parameters = merged(account.parameters, _without_include(call.parameters))
    account.recipient = account.recipient or "recipient" in call.parameters.get("configuration", {})
    events.tell_thin(state, "v2.core.account.updated", account)
    return _shown(state, account, call)


@operation("post", "/v2/core/accounts/{id}/close")
def close(state: State, call: Call) -> Body:
    account = state.account(call.ids[0], "id")
    held = [b.available + b.pending for (owner, _), b in state.balances.items() if owner == account.id]
    if any(held):
        raise invalid("The account still has a balance.", "account_balance_non_zero")
    account.closed = True
    events.tell_thin(state, "v2.core.account.closed", account)
    return _shown(state, account, call)


@operation("get", "/v2/core/accounts")
def list_(state: State, call: Call) -> Body:
    wanted_closed = call.parameters.get("closed", False)
    rows = [
        second_version(account, [], state.checker.blank("v2.core.account"))
        for account in reversed(state.accounts.values())
        if account.closed == wanted_closed
        and set(call.parameters.get("applied_configurations", [])) <= ({"recipient"} if account.recipient else set())
    ]
    return page(rows, call.parameters, "/v2/core/accounts")


@operation("post", "/v2/core/account_links")
def link(state: State, call: Call) -> Body:
    account = state.account(call.parameters["account"])
    use_case = call.parameters["use_case"]
    steps = use_case.get(use_case["type"], {})
    if account.closed:
        raise invalid("This account is closed.", "account_closed")
    token = state.new_id("link")
    state.links[token] = (account.id, steps.get("return_url", ""), state.now() + LINK_LIFE_S)
    return {
        "object": "v2.core.account_link",
        "account": account.id,
        "created": iso(state.now()),
        "expires_at": iso(state.now() + LINK_LIFE_S),
        "livemode": False,
        "url": f"{call.base_url}/_simulator/onboarding/{token}",
        "use_case": use_case,
    }


@operation("get", "/v1/accounts/{account}")
def retrieve_first_version(state: State, call: Call) -> Body:
    return first_version(state.account(call.ids[0]), state.checker.blank("account"))


def _shown(state: State, account: Account, call: Call) -> Body:
    return second_version(account, call.parameters.get("include", []), state.checker.blank("v2.core.account"))


def _without_include(told: Body) -> Body:
    return {name: value for name, value in told.items() if name != "include"}


def merged(old: Any, new: Any) -> Any:
    """`new` over `old`, mapping by mapping; null takes a value away."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    result = old | {name: merged(old.get(name), value) for name, value in new.items()}
    return {name: value for name, value in result.items() if value is not None}


def page(rows: list[Body], parameters: Body, url: str) -> Body:
    """A list as the second version of the interface pages it: the rest is behind `next_page_url`."""
    start = str(parameters.get("page", "0"))
    if not start.isdigit():
        raise invalid("Invalid page.", None, "page")
    first, limit = int(start), limit_of(parameters)
    further = first + limit
    more = f"{url}?page={further}&limit={limit}" if further < len(rows) else None
    return {"data": rows[first:further], "next_page_url": more, "previous_page_url": None}
