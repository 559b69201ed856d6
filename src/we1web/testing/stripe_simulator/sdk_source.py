"""Reads the source of the installed `stripe` package: its modules, classes and what their names refer to.

The package is generated from Stripe's own description of its interface. It is parsed, never imported.
"""

import ast
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = "stripe"


@dataclass(frozen=True)
class Name:
    """A class of the package: the module and the dotted path inside it."""

    module: str
    path: str

    @property
    def key(self) -> str:
        return re.sub(r"[^\w.]", "_", f"{self.module}:{self.path}")


@dataclass(frozen=True)
class Module:
    """One parsed module."""

    name: str
    tree: ast.Module
    imports: dict[str, Name]
    classes: dict[str, ast.ClassDef]
    typed_dicts: dict[str, list[tuple[str, ast.expr]]]
    """Written as calls because a key is a reserved word: `X = TypedDict("X", {"from": str})`."""


@cache
def root() -> Path:
    """Where the package is installed."""
    found = importlib.util.find_spec(PACKAGE)
    assert found is not None, "the stripe package is not installed"
    assert found.origin is not None
    return Path(found.origin).parent


def file_of(module: str) -> Path | None:
    base = root().joinpath(*module.split(".")[1:])
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.exists():
            return path
    return None


def service_modules() -> Iterator[tuple[str, Path]]:
    """The modules that hold the operations."""
    for path in sorted(root().rglob("*_service.py")):
        yield ".".join((PACKAGE, *path.relative_to(root()).with_suffix("").parts)), path


@cache
def load(module: str) -> Module:
    path = file_of(module)
    assert path is not None, module
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports, typed_dicts = {}, {}
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(source), names=names) if source.split(".")[0] == PACKAGE:
                imports.update({alias.asname or alias.name: Name(source, alias.name) for alias in names})
            case ast.Assign(
                targets=[ast.Name(id=target)],
                value=ast.Call(func=ast.Name(id="TypedDict"), args=[_, ast.Dict(keys=keys, values=values)]),
            ):
                fields = zip(keys, values, strict=True)
                typed_dicts[target] = [(str(k.value), v) for k, v in fields if isinstance(k, ast.Constant)]
    return Module(module, tree, imports, dict(_classes(tree.body, "")), typed_dicts)


def _classes(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield prefix + node.name, node
            yield from _classes(node.body, f"{prefix}{node.name}.")


def definition(name: Name) -> ast.ClassDef:
    return load(name.module).classes[name.path]


def resolve(module: str, scope: str, written: str) -> Name | None:
    """What a name means that is written inside `scope` of `module`: innermost scope first, then the imports."""
    here = load(module)
    while True:
        candidate = f"{scope}.{written}" if scope else written
        if candidate in here.classes:
            return Name(module, candidate)
        if not scope:
            break
        scope = scope.rpartition(".")[0]
    head, _, tail = written.partition(".")
    imported = here.imports.get(head)
    if imported is None or file_of(imported.module) is None:
        return None
    there = load(imported.module)
    path = f"{imported.path}.{tail}" if tail else imported.path
    if path in there.classes:
        return Name(imported.module, path)
    return resolve(imported.module, "", imported.path) if imported.path in there.imports else None
