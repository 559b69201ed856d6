"""The Python job: what is in a source file, counted on its syntax tree.

`analyse` is the function that travels to the nodes, so it uses nothing but its argument and `ast`. It counts only what
every Python from 3.11 on parses alike, so that a node's newer interpreter and this machine's must agree to the digit.
"""

import ast
import sysconfig
from pathlib import Path
from typing import Any

LEFT_OUT = {"site-packages", "dist-packages", "test", "tests", "idle_test", "__pycache__"}


def analyse(source: bytes) -> dict[str, Any]:
    """Counts of functions, classes, branches and docstrings; name, first line and length of the longest function."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    loops = (ast.For, ast.AsyncFor, ast.While, ast.comprehension)
    choices = (ast.If, ast.IfExp, ast.match_case, ast.ExceptHandler)
    counts = {"lines": source.count(b"\n"), "functions": 0, "classes": 0, "branches": 0, "docstrings": 0}
    longest = ("", 0, 0)
    for node in ast.walk(ast.parse(source)):
        counts["branches"] += isinstance(node, loops + choices)
        counts["classes"] += isinstance(node, ast.ClassDef)
        if isinstance(node, (*functions, ast.ClassDef, ast.Module)):
            counts["docstrings"] += ast.get_docstring(node, clean=False) is not None
        if isinstance(node, functions):
            counts["functions"] += 1
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if (length, -node.lineno) > (longest[2], -longest[1]):
                longest = (node.name, node.lineno, length)
    return {**counts, "longest_name": longest[0], "longest_line": longest[1], "longest_length": longest[2]}


def standard_library(folder: Path | None = None) -> dict[str, bytes]:
    """Every module of this interpreter's standard library: relative path → source, in order of path.

    The test suites are left out, as many distributions do; so the job is the same on each of them.
    """
    root = folder or Path(sysconfig.get_paths()["stdlib"])
    files = sorted(path for path in root.rglob("*.py") if not LEFT_OUT.intersection(path.relative_to(root).parts))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def longest_functions(answers: dict[str, dict[str, Any]], n: int = 10) -> list[tuple[int, str, str]]:
    """The `n` files with the longest functions: (lines, function, file:line), longest first."""
    ranked = sorted(answers.items(), key=lambda item: (-item[1]["longest_length"], item[0]))
    return [
        (answer["longest_length"], answer["longest_name"], f"{name}:{answer['longest_line']}")
        for name, answer in ranked[:n]
        if answer["longest_length"]
    ]
