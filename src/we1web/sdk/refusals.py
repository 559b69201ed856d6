"""Why a thing cannot travel to a sandbox, in words: what it is, and what to write instead."""

import inspect
import io
import logging
import queue
import threading
from collections.abc import Mapping
from pathlib import PurePath
from types import AsyncGeneratorType, BuiltinFunctionType, CoroutineType, GeneratorType, MethodType, ModuleType
from typing import Any, NoReturn

from we1web.protocol.errors import We1webError

ONE_OF_EACH = "map() passes one item of each input to every call"
_ALONE = "leave it out: every task runs alone, and nothing else touches its data"
_INSIDE = "build it inside the function, or pass its data as an argument"
_LOCKS = (
    type(threading.Lock()),
    type(threading.RLock()),
    threading.Condition,
    threading.Semaphore,
    threading.Event,
    threading.Barrier,
    threading.Thread,
    threading.local,
    queue.Queue,
)
_KINDS: list[tuple[tuple[type, ...], str, str]] = [
    (_LOCKS, "it coordinates threads", _ALONE),
    ((io.IOBase,), "it is an open file", "read it here and pass its content as an argument"),
    ((PurePath,), "it names a file of this machine", "read the file here and pass its bytes as an argument"),
    (
        (MethodType, BuiltinFunctionType),
        "it is a method bound to an object",
        "write a function that builds the object and calls the method",
    ),
    ((GeneratorType,), "it is a running generator", "pass list(...) of it as an argument"),
    ((CoroutineType, AsyncGeneratorType), "it is asynchronous", "write it as a plain def"),
    ((logging.Handler, logging.LoggerAdapter), "it writes the logs of this machine", "return what you want to know"),
    ((ModuleType,), "it is a module", "import it by name"),
]


class CannotShip(We1webError):
    """A function that cannot travel. The message names what stands in the way, the hint says what to do."""

    code = "cannot_ship"


def refuse(name: str, why: str, hint: str) -> NoReturn:
    raise CannotShip(f"{name!r} cannot travel: {why}", hint=hint) from None


def refuse_value(name: str, value: Any, user: str) -> NoReturn:
    """Refuses a value that has no expression, in the words of its kind."""
    used = f" (used by {user!r})" if user != name else ""
    for kinds, why, hint in _KINDS:
        if isinstance(value, kinds):
            refuse(name, why + used, hint)
    kind = type(value)
    refuse(name, f"it is a {kind.__module__}.{kind.__qualname__}{used}", _INSIDE)


def check_entry(function: Any) -> None:
    """Refuses what is no plain function. Raises CannotShip."""
    if not callable(function):
        refuse(repr(function)[:60], f"it is a {type(function).__name__}, not a function", "give a function")
    name = getattr(function, "__qualname__", type(function).__qualname__)
    plain = inspect.unwrap(function)
    if inspect.iscoroutinefunction(plain) or inspect.isasyncgenfunction(plain):
        refuse(name, "it is an async function", "write it as a plain def: tasks run in parallel by themselves")
    if inspect.isgeneratorfunction(function):
        refuse(name, "it is a generator", "return list(...) of what it yields")
    if isinstance(function, type):
        refuse(name, "it is a class", f"write a function that returns what you need of {name}(...)")


def check_written(name: str, written: frozenset[str]) -> None:
    if written:
        one = min(written)
        refuse(name, f"it changes the global {one!r}, and every task runs alone", "return the new value instead")


def check_call(function: Any, count: int, hint: str = ONE_OF_EACH) -> None:
    """Refuses a function that does not take `count` positional arguments: better here than a thousand times there."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*[None] * count)
    except TypeError as error:
        name = getattr(function, "__name__", "the function")
        raise CannotShip(
            f"{name}{signature} cannot be called with {count} argument{'s' * (count != 1)}: {error}",
            code="wrong_arguments",
            hint=hint,
        ) from None


def conflict(name: str, bound: Mapping[str, Any], value: Any) -> bool:
    """True when `name` already stands for something else; equal plain constants are the same thing."""
    if name not in bound or bound[name] is value:
        return False
    plain = (int, float, complex, str, bytes, tuple, frozenset, type(None))
    other = bound[name]
    if type(other) is type(value) and isinstance(value, plain) and bool(other == value):
        return False
    refuse(name, "two different things of that name are used", "rename one of them")
