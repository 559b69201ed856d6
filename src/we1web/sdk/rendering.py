"""Python expressions that make a value again, wherever they are evaluated. Never uses a stranger's repr."""

import enum
import functools
import logging
import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from types import BuiltinFunctionType, FunctionType
from typing import Any
from uuid import UUID

_MAX_DEPTH = 50
_MAX_DECIMAL_BITS = 10_000
Refer = Callable[[Any], str]
"""Makes a function or class available where the expression runs, and names it there."""


class NotRenderable(Exception):
    """The value in `args[0]` has no expression."""


def expression(value: Any, refer: Refer, depth: int = 0) -> str:
    """An expression for `value`: literals, containers of them, and the few constants programs are full of.

    Raises NotRenderable with the value (perhaps deep inside) that has none.
    """
    if depth > _MAX_DEPTH:
        raise NotRenderable(value)
    kind = type(value)
    if kind in _SIMPLE:
        return _SIMPLE[kind](value)

    def inner(item: Any) -> str:
        return expression(item, refer, depth + 1)

    if kind in _CONTAINERS:
        return _CONTAINERS[kind](value, inner)
    if isinstance(value, enum.Enum):
        return f"{refer(kind)}[{value.name!r}]" if value.name in kind.__members__ else f"{refer(kind)}({value.value!r})"
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        return f"{refer(kind)}({', '.join(map(inner, value))})"
    if isinstance(value, FunctionType | BuiltinFunctionType | type | functools._lru_cache_wrapper):
        return refer(value)
    raise NotRenderable(value)


def _int(value: int) -> str:
    """Large integers in hexadecimal: Python refuses to write very long decimals."""
    return repr(value) if value.bit_length() < _MAX_DECIMAL_BITS else hex(value)


def _float(value: float) -> str:
    return repr(value) if math.isfinite(value) else f"float({str(value)!r})"


def _datetime(value: datetime) -> str:
    if value.tzinfo is not None and type(value.tzinfo) is not timezone:
        raise NotRenderable(value)
    return f"{_of('datetime', 'datetime')}.fromisoformat({value.isoformat()!r})"


def _pattern(value: re.Pattern[Any]) -> str:
    return f"{_of('re', 'compile')}({value.pattern!r}, {value.flags & ~re.UNICODE.value})"


def _of(module: str, attribute: str) -> str:
    """Reaches into a module without binding a name that the program might use for something else."""
    return f"__import__({module!r}).{attribute}"


def _set(value: set[Any], inner: Refer) -> str:
    """Sorted, so that one program has one text whatever order the set has today."""
    return "{" + ", ".join(sorted(map(inner, value))) + "}" if value else "set()"


def _tuple(value: tuple[Any, ...], inner: Refer) -> str:
    return "(" + ", ".join(map(inner, value)) + (",)" if len(value) == 1 else ")")


def _partial(value: functools.partial[Any], inner: Refer) -> str:
    named = [f"**{_dict(value.keywords, inner)}"] if value.keywords else []
    return f"{_of('functools', 'partial')}({', '.join([inner(value.func), *map(inner, value.args), *named])})"


def _dict(value: dict[Any, Any], inner: Refer) -> str:
    return "{" + ", ".join(f"{inner(key)}: {inner(item)}" for key, item in value.items()) + "}"


_SIMPLE: dict[type, Callable[[Any], str]] = {
    type(None): repr,
    bool: repr,
    str: repr,
    bytes: repr,
    bytearray: repr,
    range: repr,
    type(...): lambda value: "...",
    int: _int,
    float: _float,
    complex: lambda value: f"complex({_float(value.real)}, {_float(value.imag)})",
    Decimal: lambda value: f"{_of('decimal', 'Decimal')}({str(value)!r})",
    Fraction: lambda value: f"{_of('fractions', 'Fraction')}({str(value)!r})",
    UUID: lambda value: f"{_of('uuid', 'UUID')}({str(value)!r})",
    date: lambda value: f"{_of('datetime', 'date')}.fromisoformat({value.isoformat()!r})",
    datetime: _datetime,
    timedelta: lambda v: f"{_of('datetime', 'timedelta')}({v.days}, {v.seconds}, {v.microseconds})",
    re.Pattern: _pattern,
    logging.Logger: lambda value: f"{_of('logging', 'getLogger')}({value.name!r})",
}
_CONTAINERS: dict[type, Callable[[Any, Refer], str]] = {
    tuple: _tuple,
    list: lambda value, inner: "[" + ", ".join(map(inner, value)) + "]",
    dict: _dict,
    set: _set,
    frozenset: lambda value, inner: f"frozenset({_set(set(value), inner)})",
    functools.partial: _partial,
}
