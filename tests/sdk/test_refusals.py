"""What cannot travel is refused before anything is sent: by its name, with what to write instead."""

import asyncio
import functools
import io
import random
import re
import socketserver
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy
import pytest

from we1web.sdk import refusals, shipping
from we1web.sdk.refusals import check_call
from we1web.sdk.shipping import CannotShip, ship

SCALE = 3
LOCK = threading.Lock()
HOME = Path("data.txt")
STREAM = io.StringIO("text")
RNG = random.Random(7)
COUNT = 0
NOWHERE: Any


class Square:
    def __init__(self, side: float) -> None:
        self.side = side

    def area(self) -> float:
        return self.side**2


def twice(value: float) -> float:
    return 2 * value


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any) -> Any:
        return ["logged", function(*args)]

    return wrapper


def writes_global(x: int) -> int:
    global COUNT
    COUNT += x
    return COUNT


def uses_lock(x: int) -> int:
    with LOCK:
        return x


def uses_file(x: int) -> str:
    return STREAM.read(x)


def uses_path(x: int) -> str:
    return HOME.read_text()[:x]


def uses_generator_object(x: int) -> float:
    return RNG.random() + x


def uses_numpy(x: int) -> Any:
    return numpy.zeros(x)


def uses_package_class(x: int) -> Any:
    return msgspec.msgpack.encode(x)


def uses_package_function(x: int) -> Any:
    return approx(x)


approx = pytest.approx


def imports_inside(x: int) -> Any:
    import pandas  # type: ignore[import-not-found]

    return pandas.DataFrame([x])


def imports_relative(x: int) -> Any:
    from . import something  # type: ignore[attr-defined]

    return something(x)


def uses_socket_server(x: int) -> Any:
    return socketserver.TCPServer(("", x), None)  # type: ignore[arg-type]


def uses_undefined(x: int) -> Any:
    return NOWHERE + x  # noqa: F821


def uses_file_name(x: int) -> Any:
    return __file__ * x


def uses_processes(x: int) -> Any:
    return subprocess.run(["ls"], check=False).returncode + x


async def asynchronous(x: int) -> int:
    return await asyncio.sleep(0, x)


def generator(x: int) -> Iterator[int]:
    yield x


@functools.singledispatch
def dispatched(x: object) -> str:
    return "object"


called_wrapper = logged(twice)


def uses_called_wrapper(x: int) -> Any:
    return called_wrapper(x)


def nonlocal_writer() -> Callable[[int], int]:
    total = 0

    def task(x: int) -> int:
        nonlocal total
        total += x
        return total

    return task


def closure_over(value: Any) -> Callable[[int], Any]:
    return lambda x: [value, x]


def clash() -> Callable[[int], Any]:
    SCALE = 4

    def task(x: int) -> Any:
        return twice_scaled(x) + SCALE

    return task


def twice_scaled(x: int) -> int:
    return x * SCALE


CIRCLE: list[Any] = []
CIRCLE.append(CIRCLE)


def uses_circle(x: int) -> Any:
    return CIRCLE[x]


REFUSED: list[tuple[Any, str]] = [
    (writes_global, "'COUNT'.*return the new value"),
    (uses_lock, "'LOCK'.*threads.*'uses_lock'"),
    (uses_file, "'STREAM'.*open file"),
    (uses_path, "'HOME'.*bytes"),
    (uses_generator_object, "'RNG'.*random.Random.*build it inside"),
    (uses_numpy, "'numpy'.*not in the sandbox"),
    (uses_package_class, "'msgspec'.*not in the sandbox"),
    (uses_package_function, "'approx'.*installed package '_?pytest'"),
    (imports_inside, "'pandas'.*not in the sandbox"),
    (imports_relative, "absolute import"),
    (uses_socket_server, "'socketserver'.*no network"),
    (uses_processes, "'subprocess'.*no other process"),
    (uses_undefined, "'NOWHERE'.*not defined"),
    (uses_file_name, "'__file__'"),
    (asynchronous, "'asynchronous'.*plain def"),
    (generator, "'generator'.*return list"),
    (dispatched, "'dispatched'.*singledispatch"),
    (uses_called_wrapper, "'called_wrapper'.*decorator above def twice"),
    (nonlocal_writer(), "'task'.*return the new value"),
    (closure_over(LOCK), "'value'.*threads"),
    (closure_over(Square(1)), "'value'.*Square.*build it inside"),
    (clash(), "'SCALE'.*rename"),
    (uses_circle, "'CIRCLE'"),
    (Square(1).area, "'area'.*bound to an object"),
    ([].append, "'append'.*bound to an object"),
    (Square, "it is a class"),
    (functools.partial(twice, LOCK), "threads"),
    (eval("lambda x: x"), "source text is not available"),
    (3, "not a function"),
    (closure_over(b"x" * (5 << 20)), "exceed"),
]


@pytest.mark.parametrize(("function", "says"), REFUSED, ids=[says for _, says in REFUSED])
def test_what_cannot_travel_is_refused_by_name(function: Any, says: str) -> None:
    with pytest.raises(CannotShip, match=re.compile(says, re.DOTALL)) as caught:
        ship(function)
    assert caught.value.hint
    assert caught.value.code == "cannot_ship"


def test_a_call_that_cannot_work_is_refused_before_it_costs_anything() -> None:
    with pytest.raises(CannotShip, match="cannot be called with 3 arguments") as caught:
        check_call(twice, 3)
    assert caught.value.code == "wrong_arguments"
    check_call(twice, 1)
    check_call(max, 2)


def test_every_kind_of_refusal_says_what_to_do() -> None:
    assert all(hint for _, _, hint in refusals._KINDS)
    assert shipping.MAX_SOURCE_BYTES == 4 << 20
