"""Where events are sent: webhook endpoints of the first version, event destinations of the second."""

from we1web.testing.stripe_simulator.clock import iso
from we1web.testing.stripe_simulator.endpoint import Endpoint
from we1web.testing.stripe_simulator.operation import operation
from we1web.testing.stripe_simulator.operations.accounts import page
from we1web.testing.stripe_simulator.refusing import invalid
from we1web.testing.stripe_simulator.state import Call, State
from we1web.testing.stripe_simulator.store import PLATFORM, Body


@operation("post", "/v1/webhook_endpoints")
def create(state: State, call: Call) -> Body:
    told = call.parameters
    secret = state.new_id("whsec")
    body = state.make(
        "webhook_endpoint",
        call.owner,
        "we",
        api_version=told.get("api_version"),
        description=told.get("description") or None,
        enabled_events=told["enabled_events"],
        metadata=dict(told.get("metadata") or {}),
        status="enabled",
        url=told["url"],
    )
    connect = bool(told.get("connect", False))
    state.endpoints[body["id"]] = Endpoint(told["url"], secret, tuple(told["enabled_events"]), connect=connect)
    return body | {"secret": secret}


@operation("get", "/v1/webhook_endpoints")
def list_(state: State, call: Call) -> Body:
    return state.store.page(call.owner, "webhook_endpoint", "/v1/webhook_endpoints", call.parameters, lambda _: True)


@operation("post", "/v2/core/event_destinations")
def create_destination(state: State, call: Call) -> Body:
    told = call.parameters
    if told["type"] != "webhook_endpoint" or "webhook_endpoint" not in told:
        raise invalid("The simulator sends events to webhook endpoints only.", None, "type")
    url, secret = told["webhook_endpoint"]["url"], state.new_id("whsec")
    thin = told["event_payload"] == "thin"
    body = state.make(
        "v2.core.event_destination",
        PLATFORM,
        "ed_test",
        created=iso(state.now()),
        description=told.get("description", ""),
        enabled_events=told["enabled_events"],
        event_payload=told["event_payload"],
        events_from=told.get("events_from", ["self"]),
        metadata=dict(told.get("metadata") or {}),
        name=told["name"],
        snapshot_api_version=told.get("snapshot_api_version"),
        status="enabled",
        type="webhook_endpoint",
        updated=iso(state.now()),
    )
    connect = "other_accounts" in told.get("events_from", [])
    state.endpoints[body["id"]] = Endpoint(url, secret, tuple(told["enabled_events"]), thin=thin, connect=connect)
    included = told.get("include", [])
    shown = {"signing_secret": secret if "webhook_endpoint.signing_secret" in included else None}
    shown["url"] = url if "webhook_endpoint.url" in included else None
    return body | {"webhook_endpoint": shown}


@operation("get", "/v2/core/event_destinations")
def list_destinations(state: State, call: Call) -> Body:
    rows = [row.body for row in reversed(state.store.of(PLATFORM, "v2.core.event_destination"))]
    return page(rows, call.parameters, "/v2/core/event_destinations")
