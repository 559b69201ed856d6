"""The events that were told, to be read again: of both versions, for thirty days."""

from we1web.testing.stripe_simulator.clock import DAY_S, iso
from we1web.testing.stripe_simulator.operation import operation
from we1web.testing.stripe_simulator.operations.accounts import page
from we1web.testing.stripe_simulator.state import Call, State
from we1web.testing.stripe_simulator.store import PLATFORM, Body, within

KEPT_S = 30 * DAY_S


@operation("get", "/v1/events")
def list_(state: State, call: Call) -> Body:
    asked, oldest = call.parameters, state.now() - KEPT_S
    types = set(asked.get("types", [])) | ({asked["type"]} if "type" in asked else set())

    def wanted(row: Body) -> bool:
        return row["created"] >= oldest and (not types or row["type"] in types)

    return state.store.page(call.owner, "event", "/v1/events", asked, wanted)


@operation("get", "/v1/events/{id}")
def retrieve(state: State, call: Call) -> Body:
    return state.store.find(call.ids[0], call.owner, "event").body


@operation("get", "/v2/core/events")
def list_thin(state: State, call: Call) -> Body:
    asked, oldest = call.parameters, iso(state.now() - KEPT_S)
    rows = [
        row.body
        for row in reversed(state.store.of(PLATFORM, "v2.core.event"))
        if row.body["created"] >= oldest
        and within(row.body["created"], asked.get("created"))
        and ("object_id" not in asked or row.body["related_object"]["id"] == asked["object_id"])
        and ("types" not in asked or row.body["type"] in asked["types"])
    ]
    return page(rows, asked, "/v2/core/events")


@operation("get", "/v2/core/events/{id}")
def retrieve_thin(state: State, call: Call) -> Body:
    return state.store.find(call.ids[0], PLATFORM, "v2.core.event").body
