"""Finds the function of `FILE.py:function`. Runs the user's own file, on the user's own machine."""

import importlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from we1web.protocol.errors import We1webError

_EXAMPLE = "write it as FILE.py:function or package.module:function"


class FunctionNotFound(We1webError):
    """There is no such file or no such function in it."""

    code = "function_not_found"
    hint = _EXAMPLE


def find(where: str) -> Callable[..., Any]:
    """The function behind `FILE.py:name`. Raises FunctionNotFound, and what the file itself raises."""
    place, _, name = where.rpartition(":")
    if not place or not name:
        raise FunctionNotFound(f"{where!r} names no function")
    module = _from_file(Path(place)) if place.endswith(".py") else _from_module(place)
    function = getattr(module, name, None)
    if not callable(function):
        others = ", ".join(sorted(key for key, value in vars(module).items() if _is_own(value, module))) or "none"
        raise FunctionNotFound(f"{place} has no function {name!r}", hint=f"its functions: {others}")
    found: Callable[..., Any] = function
    return found


def _is_own(value: object, module: ModuleType) -> bool:
    return callable(value) and getattr(value, "__module__", None) == module.__name__


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise FunctionNotFound(f"there is no file {path}")
    sys.path.insert(0, str(path.resolve().parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    loader = spec.loader

    def load() -> ModuleType:
        loader.exec_module(module)
        return module

    return _executed(str(path), load)


def _from_module(name: str) -> ModuleType:
    sys.path.insert(0, "")
    return _executed(name, lambda: importlib.import_module(name))


def _executed(place: str, load: Callable[[], ModuleType]) -> ModuleType:
    try:
        return load()
    except Exception as error:  # the user's file failed: its own words, and where
        line = _line_in(error, place)
        where = f"{place}{line}: {type(error).__name__}: {error}"
        raise FunctionNotFound(where, hint="the file itself must import without errors") from None


def _line_in(error: BaseException, place: str) -> str:
    if isinstance(error, SyntaxError):
        return f", line {error.lineno}"
    trace, line = error.__traceback__, ""
    while trace:
        if trace.tb_frame.f_code.co_filename.endswith(place):
            line = f", line {trace.tb_lineno}"
        trace = trace.tb_next
    return line
