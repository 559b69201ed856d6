"""Form-encoded parameters with Stripe's brackets: `a[b][0]=x` → `{"a": {"b": {"0": "x"}}}`.

Every value stays text and every array a mapping of its indices; the schema tells what they mean (checking.py).
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from we1web.testing.stripe_simulator.refusing import malformed

MAX_FIELDS = 1_000
MAX_DEPTH = 20
KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def decode(text: str) -> dict[str, Any]:
    """The tree of an encoded text. Raises StripeRefusal."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError as error:
        raise malformed(f"Invalid form encoding: {error}") from error
    tree: dict[str, Any] = {}
    for key, value in pairs:
        _put(tree, key, value)
    return tree


def _put(tree: dict[str, Any], key: str, value: str) -> None:
    matched = KEY.fullmatch(key)
    if not matched:
        raise malformed(f"Invalid parameter name: {key[:100]}", "parameter_unknown", key[:100])
    steps = [matched[1], *re.findall(r"\[([^\[\]]*)\]", matched[2])]
    if len(steps) > MAX_DEPTH:
        raise malformed(f"Parameter nested too deeply: {key[:100]}")
    place = tree
    for step in steps[:-1]:
        place = place.setdefault(step or str(len(place)), {})
        if not isinstance(place, dict):
            raise malformed(f"Conflicting values for parameter: {key[:100]}", None, key[:100])
    last = steps[-1] or str(len(place))
    if isinstance(place.get(last), dict):
        raise malformed(f"Conflicting values for parameter: {key[:100]}", None, key[:100])
    place[last] = value
