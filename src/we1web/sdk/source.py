"""Finds the syntax tree of a function or class and the names it needs from outside. Reads source, runs none of it."""

import __future__

import ast
import dis
import inspect
from collections.abc import Iterator, Sequence
from functools import lru_cache
from types import CodeType, FunctionType
from typing import NamedTuple

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
_SAME_NAME_EVERYWHERE = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"})
_POSTPONED_ANNOTATIONS = __future__.annotations.compiler_flag
_WRITES = frozenset({"STORE_GLOBAL", "DELETE_GLOBAL"})


class SourceError(Exception):
    """The source cannot be found, or does not belong to the object any more. Says what to do."""


class Names(NamedTuple):
    """What a definition takes from around it."""

    needed: frozenset[str]
    perhaps: frozenset[str]
    """Read in a class body that also assigns them: from outside only if the outside has them."""
    written: frozenset[str]
    annotated: frozenset[str]
    """In the annotations of a class: never evaluated, but dataclasses look some of them up (ClassVar)."""


def definition_of(thing: FunctionType | type) -> Definition:
    """The syntax tree in which `thing` is written. Raises SourceError."""
    tree = _tree_around(thing)
    if isinstance(thing, type):
        classes = [n for n in ast.walk(tree) if isinstance(n, ast.ClassDef) and n.name == thing.__name__]
        return _only(_same_place(classes, thing), thing.__name__)
    code = thing.__code__
    if code.co_name == "<lambda>":
        return _lambda(tree, code)
    found = [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
        and n.name == code.co_name
        and _first_line(n) == code.co_firstlineno
        and _arguments(n.args) == list(code.co_varnames[: len(_arguments(n.args))])
    ]
    return _only(found, code.co_name)


def _tree_around(thing: FunctionType | type) -> ast.Module:
    try:
        lines, _ = inspect.findsource(thing)
        return _parse("".join(lines))
    except (OSError, TypeError, SyntaxError):
        raise SourceError("its source text is not available; put it in a .py file and import it from there") from None


@lru_cache(maxsize=32)
def _parse(text: str) -> ast.Module:
    return ast.parse(text)


def _only(found: Sequence[Definition], name: str) -> Definition:
    if len(found) == 1:
        return found[0]
    if not found:
        raise SourceError(f"no definition of {name!r} stands where it was imported from; did the file change since?")
    raise SourceError(f"{name!r} is defined several times in one place; give them different names")


def _same_place(found: list[ast.ClassDef], cls: type) -> list[ast.ClassDef]:
    """Of several classes of one name, those that start where Python says this one does."""
    line = inspect.findsource(cls)[1] + 1
    return found if len(found) < 2 else [node for node in found if line in (_first_line(node), node.lineno)]


def _first_line(node: Definition) -> int:
    decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _arguments(arguments: ast.arguments) -> list[str]:
    return [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _lambda(tree: ast.Module, code: CodeType) -> ast.Lambda:
    """The lambda whose text encloses every instruction of the code; the innermost when they are nested."""
    positions = [p for p in code.co_positions() if None not in p and p[2:] != (0, 0)]
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Lambda)
        and node.lineno == code.co_firstlineno
        and _arguments(node.args) == list(code.co_varnames[: len(_arguments(node.args))])
        and all(_encloses(node, (p[0] or 0, p[2] or 0), (p[1] or 0, p[3] or 0)) for p in positions)
    ]
    innermost = [n for n in around if not any(m is not n and m in ast.walk(n) for m in around)]
    if len(innermost) != 1:
        raise SourceError("its text cannot be told apart from other lambdas of the line; write it as a def")
    return innermost[0]


def _encloses(node: ast.expr, start: tuple[int, int], end: tuple[int, int]) -> bool:
    last = (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
    return (node.lineno, node.col_offset) <= start and end <= last


def names_of(node: Definition) -> Names:
    """The names a definition looks up outside itself. Raises SourceError when it cannot stand alone."""
    needed: set[str] = set()
    perhaps: set[str] = set()
    written: set[str] = set()
    for code in _codes(_compiled(node)):
        loads, stores, writes = _lookups(code)
        needed |= loads - stores
        perhaps |= loads & stores
        written |= writes
    own = {node.name} if not isinstance(node, ast.Lambda) else set()
    annotated = _annotated(node) - needed - own
    return Names(frozenset(needed - own), frozenset(perhaps - needed - own), frozenset(written), frozenset(annotated))


def _annotated(node: Definition) -> set[str]:
    bodies = [inner.body for inner in ast.walk(node) if isinstance(inner, ast.ClassDef)]
    annotations = [field.annotation for body in bodies for field in body if isinstance(field, ast.AnnAssign)]
    return {inner.id for outer in annotations for inner in ast.walk(outer) if isinstance(inner, ast.Name)}


def _compiled(node: Definition) -> CodeType:
    statement = ast.Expr(node) if isinstance(node, ast.Lambda) else node
    module = ast.fix_missing_locations(ast.Module([statement], []))
    try:
        code: CodeType = compile(module, "<shipped>", "exec", _POSTPONED_ANNOTATIONS, dont_inherit=True)
    except SyntaxError as error:
        raise SourceError(f"it cannot stand alone ({error.msg}); return the new value instead") from None
    return code


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _lookups(code: CodeType) -> tuple[set[str], set[str], set[str]]:
    loads: set[str] = set()
    stores: set[str] = set()
    writes: set[str] = set()
    for instruction in dis.get_instructions(code):
        name = str(instruction.argval)
        if instruction.opname in _SAME_NAME_EVERYWHERE:
            loads.add(name)
        elif instruction.opname == "STORE_NAME":
            stores.add(name)
        elif instruction.opname in _WRITES:
            writes.add(name)
    return loads, stores, writes


def imports_of(node: Definition) -> Iterator[str]:
    """Modules a definition imports inside itself, except where a `try` is ready for their absence."""
    guarded = {
        id(inner)
        for attempt in ast.walk(node)
        if isinstance(attempt, ast.Try) and attempt.handlers
        for statement in attempt.body
        for inner in ast.walk(statement)
    }
    for inner in ast.walk(node):
        if id(inner) in guarded:
            continue
        if isinstance(inner, ast.Import):
            yield from (alias.name for alias in inner.names)
        elif isinstance(inner, ast.ImportFrom):
            yield "." * inner.level + (inner.module or "")


def attribute_chains(node: Definition, name: str) -> Iterator[str]:
    """Every `name.a.b` a definition writes, as dotted text: packages are imported as deep as they are used."""
    chains = (_dotted(inner) for inner in ast.walk(node) if isinstance(inner, ast.Attribute))
    return (chain for chain in chains if chain.startswith(f"{name}."))


def _dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner, attr=attribute):
            return f"{_dotted(inner)}.{attribute}"
    return ""
