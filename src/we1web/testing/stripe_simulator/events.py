"""What the simulator tells: snapshot events of the first version of the interface, thin ones of the second."""

import copy
from typing import Any

from we1web.testing.stripe_simulator.account import Account, first_version
from we1web.testing.stripe_simulator.clock import iso
from we1web.testing.stripe_simulator.state import State
from we1web.testing.stripe_simulator.store import PLATFORM, Body

CAPABILITY = "v2.core.account[configuration.recipient].capability_status_updated"


def tell(state: State, kind: str, subject: Body, owner: str = PLATFORM, previous: Body | None = None) -> None:
    """A snapshot of an object, for the endpoints of the platform or, of a connected account, the connect endpoints."""
    data: dict[str, Any] = {"object": copy.deepcopy(subject)}
    if previous is not None:
        data["previous_attributes"] = previous
    body = state.make(
        "event",
        owner,
        "evt",
        account=None if owner == PLATFORM else owner,
        api_version=state.checker.version,
        data=data,
        request={"id": None, "idempotency_key": None},
        type=kind,
    )
    _check(state, "event", body)
    _check(state, subject["object"], subject)
    _queue(state, body)


def tell_thin(state: State, kind: str, account: Account, data: Body | None = None) -> None:
    """A thin event about a connected account: it names the account and says nothing of it."""
    related = {"id": account.id, "type": "v2.core.account", "url": f"/v2/core/accounts/{account.id}"}
    body = state.make(
        "v2.core.event", PLATFORM, "evt_test", created=iso(state.now()), related_object=related, type=kind
    )
    if data is not None:
        body["data"] = data
    _check(state, "v2.core.event", body)
    _queue(state, body)


def tell_of_account(state: State, account: Account) -> None:
    """An account changed: both versions tell it."""
    snapshot = first_version(account, state.checker.blank("account"))
    tell(state, "account.updated", snapshot, account.id)
    tell_thin(state, CAPABILITY, account, {"updated_capability": "stripe_balance.stripe_transfers"})
    tell_thin(state, "v2.core.account[requirements].updated", account)


def _check(state: State, kind: str, body: Body) -> None:
    state.off_spec += [f"event with {kind}: {problem}" for problem in state.checker.resource_problems(kind, body)]


def _queue(state: State, body: Body) -> None:
    stored = state.store.get(body["id"])
    assert stored is not None
    state.unsent.append(stored)
