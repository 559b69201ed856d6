"""A function becomes a module of its own that runs anywhere: source travels, never bytecode and never pickles.

The module holds the function, the functions, classes, imports and constants it uses, in the order in which they were
defined, and nothing else. What cannot travel is refused by name, before anything is sent (CannotShip).
"""

import ast
import builtins
import copy
import functools
import inspect
import sys
from collections import ChainMap
from collections.abc import Callable, Mapping
from types import CellType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

from we1web.sdk import stdlib
from we1web.sdk.refusals import CannotShip, check_entry, check_written, conflict, refuse, refuse_value
from we1web.sdk.rendering import NotRenderable, expression
from we1web.sdk.source import Definition, Names, SourceError, attribute_chains, definition_of, imports_of, names_of

__all__ = ["CannotShip", "Shipped", "ship"]

MAX_SOURCE_BYTES = 4 << 20
_HEADER = "from __future__ import annotations\n"
_ALWAYS_THERE = frozenset({"__name__", "__doc__", "__debug__", "__builtins__", "__build_class__", "__import__"})
_OF_THE_BODY = frozenset({"__annotations__", "__module__", "__qualname__"})
_NAMELESS = "we1web_task"


class Shipped(NamedTuple):
    """A program: the text of a module and the name in it that is called for every input."""

    source: str
    entry: str


class Rank(NamedTuple):
    """Where a statement stands in the program: by module, module level first, in the order of definition."""

    module: str
    local: bool
    position: int
    sequence: int


def ship(function: Callable[..., Any]) -> Shipped:
    """Turns a function into a self-contained module. Raises CannotShip."""
    check_entry(function)
    shipment = _Shipment(own=_package_of(function))
    entry = shipment.add(_name_of(function), function, "")
    source = shipment.source()
    if len(source.encode()) > MAX_SOURCE_BYTES:
        refuse(entry, f"its source and constants exceed {MAX_SOURCE_BYTES} bytes", "pass large data as arguments")
    return Shipped(source, entry)


def _name_of(function: Any) -> str:
    name = str(getattr(function, "__name__", ""))
    return name if name.isidentifier() else _NAMELESS


def _package_of(function: Any) -> str:
    plain = function.func if isinstance(function, functools.partial) else function
    return str(getattr(plain, "__module__", "")).partition(".")[0]


class _Shipment:
    """Everything that travels so far: each name once, for one thing."""

    def __init__(self, own: str) -> None:
        self._own = own
        self._bound: dict[str, Any] = {}
        self._ranks: dict[str, Rank] = {}
        self._imports: set[str] = set()
        self._texts: dict[str, str] = {}
        self._uses: dict[str, set[str]] = {}
        self._held: dict[str, set[str]] = {}
        self._rendering: list[str] = []
        self._module = own

    def source(self) -> str:
        names = sorted(self._texts, key=self._place)
        imports = _HEADER + "\n".join(sorted(self._imports))
        return "\n\n".join([imports, *(self._texts[name] for name in names)]).rstrip() + "\n"

    def _place(self, name: str) -> tuple[int, bool, int, int]:
        """Where a statement stands; a constant stands right after the last thing it holds."""
        held = max((self._place(other) for other in self._held.get(name, ())), default=None)
        rank = self._ranks[name]
        modules = _dependencies_first(self._uses)
        module = modules.index(rank.module) if rank.module in modules else -1
        return (*held[:3], rank.sequence) if held else (module, *rank[1:])

    def add(self, name: str, value: Any, user: str) -> str:
        """Makes `value` available under `name` in the module and returns the name."""
        if name in self._bound and not conflict(name, self._bound, value):
            return name
        if name == "__file__":
            refuse(name, f"{user!r} runs where this file is not", "pass what you need of it as an argument")
        if isinstance(value, ModuleType):
            return self._add_module(name, value)
        if home := stdlib.public_home(value, name):
            return self._add_import(name, value, *home)
        if callable(value) and isinstance(inspect.unwrap(value), FunctionType):
            return self._add_function(name, value, user)
        if isinstance(value, type):
            return self._add_class(name, value, user)
        return self._add_constant(name, value, user)

    def _bind(self, name: str, value: Any, text: str, rank: Rank) -> str:
        self._bound[name] = value
        self._texts[name] = text
        self._ranks[name] = rank._replace(sequence=len(self._ranks))
        return name

    # --- modules, and what the standard library gives

    def _add_module(self, name: str, module: ModuleType) -> str:
        path = {"posixpath": "os.path", "ntpath": "os.path"}.get(module.__name__, module.__name__)
        reason = stdlib.refusal(path)
        if reason and not stdlib.is_standard(path) and not _is_installed(module):
            refuse(name, f"it is your own module {path!r}", f"import what you use of it: from {path} import ...")
        if reason:
            refuse(name, f"the module {path!r} is not in the sandbox", reason)
        self._bound[name] = module
        self._imports.add(f"import {path}" if path == name else f"import {path} as {name}")
        return name

    def _add_import(self, name: str, value: Any, module: str, attribute: str) -> str:
        if reason := stdlib.refusal(module):
            refuse(name, f"it comes from the module {module!r}, which is not in the sandbox", reason)
        self._bound[name] = value
        self._imports.add(f"from {module} import {attribute}" + (f" as {name}" if attribute != name else ""))
        return name

    def _add_submodules(self, name: str, module: ModuleType, node: Definition) -> None:
        """`import xml` alone does not bring `xml.etree.ElementTree`: import as deep as the definition reaches."""
        if name != module.__name__:
            return
        for chain in attribute_chains(node, name):
            parts = chain.split(".")
            paths = (".".join(parts[:depth]) for depth in range(2, len(parts) + 1))
            self._imports.update(f"import {path}" for path in paths if path in sys.modules)

    # --- functions and classes

    def _add_function(self, name: str, value: Any, user: str) -> str:
        plain: FunctionType = inspect.unwrap(value)
        if isinstance(value, MethodType):
            refuse_value(name, value, user)
        if hasattr(value, "registry") and hasattr(value, "dispatch"):
            refuse(name, "functools.singledispatch collects its cases from everywhere", "choose by type inside it")
        self._check_origin(name, plain)
        node = _definition(name, plain)
        if isinstance(node, ast.Lambda):
            return self._define(name, value, node, _around(plain), f"{name} = {ast.unparse(node)}")
        own_name = plain.__code__.co_name
        self._define(own_name, value, _decorated(name, node, kept=value is not plain), _around(plain))
        return self._alias(name, own_name, value)

    def _add_class(self, name: str, value: type, user: str) -> str:
        self._check_origin(name, value)
        if value.__bases__ == (tuple,) and hasattr(value, "_field_defaults") and not _has_source(value):
            return self._add_named_tuple(name, value, user)
        self._define(value.__name__, value, _definition(name, value), _around_class(value))
        return self._alias(name, value.__name__, value)

    def _define(self, name: str, value: Any, node: Definition, around: Mapping[str, Any], text: str = "") -> str:
        """Binds the definition before what it needs, so that functions may call each other in circles."""
        if name in self._bound and not conflict(name, self._bound, value):
            return name
        plain = inspect.unwrap(value)
        self._bind(name, value, text or ast.unparse(node), _rank(plain, name))
        self._add_needs(name, node, around, _names(name, node))
        return name

    def _alias(self, name: str, own_name: str, value: Any) -> str:
        if name == own_name:
            return name
        return self._bind(name, value, f"{name} = {own_name}", self._ranks[own_name])

    def _add_needs(self, user: str, node: Definition, around: Mapping[str, Any], names: Names) -> None:
        check_written(user, names.written)
        outer, self._module = self._module, self._ranks[user].module
        for module in imports_of(node):
            reason = "write an absolute import" if module.startswith(".") else stdlib.refusal(module)
            if reason:
                refuse(user, f"it imports {module!r}, which is not in the sandbox", reason)
        for name in sorted((names.needed | (names.perhaps & around.keys())) - _ALWAYS_THERE - _OF_THE_BODY):
            if name in around:
                self._add_need(name, around[name], user, node)
            elif not hasattr(builtins, name):
                refuse(name, f"{user!r} uses it and it is not defined", "define it, or pass it as an argument")
        for name in sorted(names.annotated & around.keys()):
            if name not in self._bound and _is_standard(around[name], name):
                self._add_need(name, around[name], user, node)
        self._module = outer

    def _add_need(self, name: str, value: Any, user: str, node: Definition) -> None:
        self._uses.setdefault(self._module, set()).add(str(getattr(value, "__module__", "")))
        self.add(name, value, user)
        if isinstance(value, ModuleType):
            self._add_submodules(name, value, node)

    def _check_origin(self, name: str, thing: FunctionType | type) -> None:
        """Functions of installed packages drag their package along: refused by the package's name, not by its parts."""
        module = sys.modules.get(thing.__module__)
        package = thing.__module__.partition(".")[0]
        if stdlib.is_standard(package):
            refuse(
                name, f"it is an inner part of the module {thing.__module__!r}", "use what that module offers openly"
            )
        if package != self._own and module is not None and _is_installed(module):
            refuse(name, f"it belongs to the installed package {package!r}", stdlib.refusal(package) or "")

    # --- constants

    def _add_named_tuple(self, name: str, value: Any, user: str) -> str:
        defaults = self._expression(name, tuple(value._field_defaults.values()), user)
        call = f"__import__('collections').namedtuple({value.__name__!r}, {list(value._fields)!r}, defaults={defaults})"
        return self._bind(name, value, f"{name} = {call}", _rank(value, name))

    def _add_constant(self, name: str, value: Any, user: str) -> str:
        """Constants come first; one that holds functions or classes comes after the last of them."""
        if name in self._rendering:
            refuse(name, "it contains itself", "pass it as an argument")
        self._rendering.append(name)
        before = set(self._bound)
        text = self._expression(name, value, user)
        self._rendering.remove(name)
        self._held[name] = (_identifiers(text) | (self._bound.keys() - before)) & self._texts.keys()
        return self._bind(name, value, f"{name} = {text}", Rank("", False, -1, 0))

    def _expression(self, name: str, value: Any, user: str) -> str:
        try:
            return expression(value, lambda thing: self._refer(thing, name))
        except NotRenderable as error:
            refuse_value(name, error.args[0], user)

    def _refer(self, thing: Any, user: str) -> str:
        """An expression for a function or class inside a constant: the standard library's need no binding."""
        name = _name_of(thing)
        self._uses.setdefault(self._module, set()).add(str(getattr(thing, "__module__", "")))
        home = stdlib.public_home(thing, name)
        if home and not stdlib.refusal(home[0]):
            return f"__import__({home[0]!r}, fromlist=['*']).{home[1]}"
        if not home and not isinstance(inspect.unwrap(thing), FunctionType | type):
            refuse_value(name, thing, user)
        return self.add(name, thing, user)


# --- facts about objects


def _definition(name: str, thing: FunctionType | type) -> Definition:
    try:
        return definition_of(thing)
    except SourceError as error:
        refuse(name, *_split(error))


def _names(name: str, node: Definition) -> Names:
    try:
        return names_of(node)
    except SourceError as error:
        refuse(name, *_split(error))


def _split(error: SourceError) -> tuple[str, str]:
    why, _, hint = str(error).partition("; ")
    return why, hint


def _has_source(cls: type) -> bool:
    try:
        return bool(definition_of(cls))
    except SourceError:
        return False


def _decorated(name: str, node: Definition, *, kept: bool) -> Definition:
    """The definition with its decorators; without them when the function is what they were given."""
    if isinstance(node, ast.Lambda):
        return node
    if kept and not node.decorator_list:
        refuse(name, f"it wraps {node.name!r} by a call", f"write the call as a decorator above def {node.name}")
    node = copy.copy(node)
    node.decorator_list = node.decorator_list if kept else []
    return node


def _is_standard(value: Any, name: str) -> bool:
    """True for what the sandbox's standard library gives without shipping anything."""
    home = (value.__name__, "") if isinstance(value, ModuleType) else stdlib.public_home(value, name)
    return home is not None and stdlib.refusal(home[0]) is None


def _is_installed(module: ModuleType) -> bool:
    """True for modules of installed packages and of compiled extensions, False for the user's own files."""
    if module.__name__ == "__main__":
        return False
    file = getattr(module, "__file__", None) or ""
    return not file.endswith(".py") or "site-packages" in file or "dist-packages" in file


def _cells(function: FunctionType) -> dict[str, Any]:
    names, cells = function.__code__.co_freevars, function.__closure__ or ()
    return {name: cell.cell_contents for name, cell in zip(names, cells, strict=True) if _is_filled(cell)}


def _is_filled(cell: CellType) -> bool:
    try:
        cell.cell_contents  # noqa: B018 reading is the only way to know
    except ValueError:
        return False
    return True


def _around(function: FunctionType) -> Mapping[str, Any]:
    return ChainMap(_cells(function), function.__globals__)


def _around_class(cls: type) -> Mapping[str, Any]:
    """A class remembers nothing of the function it was defined in; its methods do."""
    methods = [inspect.unwrap(getattr(item, "__func__", item)) for item in vars(cls).values() if callable(item)]
    cells = [_cells(method) for method in methods if isinstance(method, FunctionType)]
    module = sys.modules.get(cls.__module__)
    return ChainMap(*cells, vars(module) if module else {})


def _rank(thing: Any, name: str) -> Rank:
    """Module level things in the order their module bound them; local ones after, in the order of their lines."""
    namespace = getattr(thing, "__globals__", None) or vars(sys.modules.get(thing.__module__, builtins))
    names = list(namespace)
    if "<locals>" not in thing.__qualname__ and name in namespace:
        return Rank(thing.__module__, False, names.index(name), 0)
    line = thing.__code__.co_firstlineno if isinstance(thing, FunctionType) else 0
    return Rank(thing.__module__, True, line, 0)


def _identifiers(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Name)}


def _dependencies_first(uses: Mapping[str, set[str]]) -> list[str]:
    """Modules in an order in which each stands after those it uses; circles are cut anywhere."""
    order: dict[str, None] = {}
    visiting: set[str] = set()

    def visit(module: str) -> None:
        if module in visiting:
            return
        visiting.add(module)
        for used in sorted(uses.get(module, ())):
            visit(used)
        order.setdefault(module)

    for module in sorted(uses):
        visit(module)
    return list(order)
