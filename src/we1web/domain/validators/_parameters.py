"""A job's parameters for a validator, checked one by one: a small mapping of plain values that a stranger wrote."""

from collections.abc import Mapping
from math import isfinite
from typing import NoReturn

from we1web.protocol.errors import We1webError


class BadValidator(We1webError, ValueError):
    """A job asks for a validator that does not exist, or with parameters that make no sense."""

    code = "bad_validator"
    hint = "see docs/kinds.md, Validators"


def refuse(message: str, hint: str) -> NoReturn:
    raise BadValidator(message, hint=hint)


def check_known(validator: str, parameters: Mapping[str, object], *known: str) -> None:
    """Refuses parameters nobody knows: a misspelt tolerance must not silently be the default one."""
    for key in parameters:
        if key not in known:
            refuse(
                f"the validator {validator} has no parameter {str(key)[:40]!r}",
                f"it knows: {', '.join(known)}" if known else "leave validator_parameters out",
            )


def number(parameters: Mapping[str, object], key: str, default: float, *, most: float) -> float:
    """A finite number from 0 to `most`."""
    value = parameters.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most or not isfinite(value):
        refuse(f"{key} is {_shown(value)}", f"give a number from 0 to {most:g}")
    return float(value)


def whole(parameters: Mapping[str, object], key: str, default: int, *, most: int) -> int:
    """A whole number from 0 to `most`."""
    value = parameters.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        refuse(f"{key} is {_shown(value)}", f"give a whole number from 0 to {most}")
    return value


def flag(parameters: Mapping[str, object], key: str, *, default: bool) -> bool:
    value = parameters.get(key, default)
    if not isinstance(value, bool):
        refuse(f"{key} is {_shown(value)}", "give true or false")
    return value


def mapping(parameters: Mapping[str, object], key: str) -> Mapping[str, object]:
    """A mapping with text keys; empty when it is not there."""
    value = parameters.get(key, {})
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        refuse(f"{key} is {_shown(value)}", "give a mapping with text keys")
    return value


def _shown(value: object) -> str:
    return f"of type {type(value).__name__}" if isinstance(value, list | dict) else repr(value)[:60]
