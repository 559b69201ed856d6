"""`expand`: ids in an answer become the objects they name."""

import copy
from typing import Any

from we1web.testing.stripe_simulator.account import first_version
from we1web.testing.stripe_simulator.refusing import malformed
from we1web.testing.stripe_simulator.state import State

MAX_DEPTH = 4


def expand(state: State, answer: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """A copy of the answer with these fields expanded. Raises StripeRefusal for a field that holds no id."""
    result = copy.deepcopy(answer)
    for path in paths:
        steps = path.split(".")
        if len(steps) > MAX_DEPTH + (steps[0] == "data"):
            raise malformed(f"You cannot expand more than {MAX_DEPTH} levels of a property.", None, "expand")
        _expand(state, result, steps, path)
    return result


def _expand(state: State, place: Any, steps: list[str], path: str) -> None:
    if isinstance(place, list):
        for item in place:
            _expand(state, item, steps, path)
        return
    if not steps or place is None:
        return
    name, *rest = steps
    value = place.get(name, False) if isinstance(place, dict) else False
    if isinstance(value, str):
        value = _object(state, value)
        if value is not None:
            place[name] = value
        else:
            value = False
    if value is not None and not isinstance(value, dict | list):
        raise malformed(f"This property cannot be expanded ({path[:100]}).", None, "expand")
    _expand(state, value, rest, path)


def _object(state: State, id_: str) -> dict[str, Any] | None:
    if id_ in state.accounts:
        return first_version(state.accounts[id_], state.checker.blank("account"))
    stored = state.store.get(id_)
    return copy.deepcopy(stored.body) if stored else None
