"""Functions that travel give the same answers where they arrive; those that cannot are refused by name."""

import abc
import collections
import contextlib
import dataclasses
import enum
import functools
import importlib.util
import logging
import math
import operator
import os.path as osp
import re
import subprocess
import sys
import typing
import xml.etree.ElementTree
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import randint
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from we1web.sdk import rendering, source, stdlib
from we1web.sdk.shipping import CannotShip, ship

SCALE = 3
TABLE = {"a": (1, 2.5, b"x"), "b": [None, True, {1, 2}], "c": {3: frozenset("xy")}}
LIMITS = (math.inf, -math.inf, complex(1, -2), ..., range(3), 2**12_000)
WORD = re.compile(r"[a-z]+", re.IGNORECASE)
PRICE = Decimal("0.10")
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
LOG = logging.getLogger(__name__)
Point = collections.namedtuple("Point", "x y", defaults=[7])


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Shape(abc.ABC):
    sides = SCALE

    @abc.abstractmethod
    def area(self) -> float: ...

    @property
    def double(self) -> float:
        return twice(self.area())


@dataclasses.dataclass(frozen=True)
class Square(Shape):
    side: float = SCALE
    tags: list[str] = dataclasses.field(default_factory=list)
    known: typing.ClassVar[int] = 1

    def area(self) -> float:
        return self.side**2

    @staticmethod
    def of(side: float) -> "Square":
        return Square(side)


class Pair(NamedTuple):
    left: int
    right: int = SCALE


class Problem(ValueError):
    """An error of this module."""


def twice(value: float) -> float:
    return 2 * value


def even(n: int) -> bool:
    return True if n == 0 else odd(n - 1)


def odd(n: int) -> bool:
    return False if n == 0 else even(n - 1)


OPERATIONS: dict[str, Callable[..., Any]] = {"+": operator.add, "double": twice, "square": lambda x: x * x}
HALF = functools.partial(operator.mul, 0.5)
FAVOURITE = Colour.BLUE
ORIGIN = Point(1)


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any) -> Any:
        return ["logged", function(*args)]

    return wrapper


def scaled(by: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any) -> Any:
            return by * function(*args)

        return wrapper

    return decorate


REGISTRY: list[Any] = []


def registered(function: Callable[..., Any]) -> Callable[..., Any]:
    REGISTRY.append(function)
    return function


@logged
def with_wraps(x: int) -> int:
    return x + SCALE


@scaled(SCALE)
def without_wraps(x: int) -> int:
    return x + 1


@registered
def in_registry(x: int) -> int:
    return x + 2


@functools.cache
def fibonacci(n: int) -> int:
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@contextlib.contextmanager
def bracket(out: list[int]) -> Iterator[None]:
    out.append(1)
    yield
    out.append(2)


def of_everything(x: float, y: float = SCALE, *, shape: Any = None) -> Any:
    def inner(k: float) -> float:
        return math.sqrt(k) + twice(k)

    words = collections.Counter(WORD.findall("A a bb"))
    match y:
        case 3:
            kind = "three"
        case _:
            kind = "other"
    return [inner(x), words, kind, TABLE, LIMITS, PRICE, WHEN, f"{x!r:>5}", [z + 1 for z in (SCALE, y)], shape]


def of_classes(side: float) -> Any:
    square = Square.of(side)
    return [square.double, square.sides, square, Pair(1), Point(2), ORIGIN, Colour.RED.name, FAVOURITE.value]


def of_tables(x: int) -> Any:
    return [OPERATIONS["+"](x, 1), OPERATIONS["double"](x), OPERATIONS["square"](x), HALF(x)]


def of_imports(x: int) -> Any:
    import statistics

    try:
        import a_package_nobody_has  # type: ignore[import-not-found]
    except ImportError:
        a_package_nobody_has = None
    tree = xml.etree.ElementTree.fromstring("<a><b/></a>")
    return [statistics.mean([x, 2]), a_package_nobody_has, len(tree), osp.basename("a/b"), randint(1, 1)]  # noqa: PTH119


def of_errors(x: int) -> Any:
    LOG.debug("not shown")
    try:
        raise Problem(x)
    except Problem as problem:
        return str(problem)


def of_context(x: int) -> Any:
    out: list[int] = []
    with bracket(out):
        out.append(x)
    return out


def adder(n: int) -> Callable[[int], int]:
    def helper(x: int) -> int:
        return x + n

    def task(x: int) -> int:
        return helper(x) * n

    return task


def countdown() -> Callable[[int], int]:
    def down(n: int) -> int:
        return 0 if n == 0 else down(n - 1)

    return down


increment = lambda x: x + SCALE  # noqa: E731
several = [lambda x: x + 1, lambda x: x + 2, lambda x: (lambda y: x * y)(x)]  # noqa: PLC3002

TRAVELS: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (of_everything, (4.0,)),
    (of_classes, (2.0,)),
    (of_tables, (5,)),
    (of_imports, (2,)),
    (of_errors, (1,)),
    (of_context, (9,)),
    (even, (10,)),
    (fibonacci, (30,)),
    (with_wraps, (1,)),
    (without_wraps, (1,)),
    (in_registry, (1,)),
    (adder(5), (2,)),
    (countdown(), (5,)),
    (increment, (1,)),
    *[(function, (5,)) for function in several],
    (Square.of, (2.0,)),
    (functools.partial(of_everything, 1.0, shape=Point(1, 2)), (9.0,)),
    (math.sqrt, (2.0,)),
    (len, ("four",)),
    (sorted, ([2, 1],)),
]


def arrive(function: Callable[..., Any]) -> Callable[..., Any]:
    """What stands at the other end: the shipped module, executed with nothing of this one around it."""
    program = ship(function)
    module = ModuleType("shipped")
    sys.modules["shipped"] = module
    exec(program.source, module.__dict__)
    result: Callable[..., Any] = module.__dict__[program.entry]
    return result


@pytest.mark.parametrize(("function", "arguments"), TRAVELS)
def test_a_function_answers_the_same_where_it_arrives(function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    assert repr(arrive(function)(*arguments)) == repr(function(*arguments))


def test_a_program_runs_in_a_fresh_interpreter() -> None:
    program = ship(of_classes)
    script = f"{program.source}\nprint(repr({program.entry}(2.0)))"
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == repr(of_classes(2.0))


def test_one_function_has_one_text(tmp_path: Path) -> None:
    script = "import sys; sys.path.insert(0, sys.argv[1]); import sample; from we1web.sdk.shipping import ship;"
    script += "print(ship(sample.task).source)"
    text = "NAMES = {'x', 'y', 'zz', 'www'}\ndef task(x):\n    return x in NAMES\n"
    (tmp_path / "sample.py").write_text(text)
    runs = {
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1


def test_decorators_that_changed_nothing_stay_at_home() -> None:
    assert "registered" not in ship(in_registry).source
    assert "@logged" in ship(with_wraps).source


def load(folder: Path, name: str, text: str) -> ModuleType:
    (folder / f"{name}.py").write_text(text)
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_functions_of_several_files_travel_together(tmp_path: Path) -> None:
    load(
        tmp_path, "zz_helpers", "OFFSET = 5\ndef shift(x, by=OFFSET):\n    return x + by\ndef wrap(f):\n    return f\n"
    )
    text = "from zz_helpers import shift as move, OFFSET\nDEFAULT = {'f': move}\n"
    text += "def task(x, f=move):\n    return [f(x), DEFAULT['f'](x), OFFSET]\n"
    module = load(tmp_path, "aa_program", text)
    assert arrive(module.task)(1) == [6, 6, 5]


def test_a_module_of_ones_own_is_refused_with_the_import_to_write(tmp_path: Path) -> None:
    load(tmp_path, "own_helpers", "def f(x):\n    return x\n")
    module = load(tmp_path, "own_program", "import own_helpers\ndef task(x):\n    return own_helpers.f(x)\n")
    with pytest.raises(CannotShip, match="from own_helpers import"):
        ship(module.task)


def test_a_file_that_changed_since_its_import_is_noticed(tmp_path: Path) -> None:
    module = load(tmp_path, "changing", "def task(x):\n    return x\n")
    (tmp_path / "changing.py").write_text("# a line\n# another\ndef task(x):\n    return x\n")
    with pytest.raises(CannotShip, match="did the file change"):
        ship(module.task)


@pytest.mark.parametrize("module", ["json", "xml.etree.ElementTree", "hashlib", "zoneinfo"])
def test_the_standard_library_is_there(module: str) -> None:
    assert stdlib.refusal(module) is None


def test_every_refused_module_has_a_reason() -> None:
    assert all(stdlib.refusal(module) for module in [*stdlib.UNAVAILABLE, "numpy", "scipy.linalg"])


def test_a_lambda_is_found_among_its_neighbours() -> None:
    assert [source.definition_of(f).body.lineno for f in several] == [several[0].__code__.co_firstlineno] * 3  # type: ignore[attr-defined, arg-type, union-attr]


def test_expressions_give_the_value_again() -> None:
    value = [TABLE, LIMITS, PRICE, WHEN, {(): set()}, bytearray(b"x"), [math.nan]]
    text = rendering.expression(value, refer=lambda thing: thing.__name__)
    assert repr(eval(text)) == repr(value)
