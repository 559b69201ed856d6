"""The Python job: what it counts, which files it is given, and how the longest functions are ranked."""

import ast
from pathlib import Path

from we1web.demo.analysis import analyse, longest_functions, standard_library

SOURCE = b'''"""Module."""
import os

class Thing:
    """A class."""

    def method(self, x):
        """Method."""
        if x and [y for y in x if y]:
            return 1 if x else 2
        for _ in x:
            pass
        return None

async def other():
    try:
        pass
    except OSError:
        while False:
            pass
'''


def test_counts_on_a_known_source() -> None:
    assert analyse(SOURCE) == {
        "lines": 20,
        "functions": 2,
        "classes": 1,
        "branches": 6,
        "docstrings": 3,
        "longest_name": "method",
        "longest_line": 7,
        "longest_length": 7,
    }


def test_an_empty_file_has_nothing() -> None:
    assert analyse(b"")["longest_length"] == 0
    assert analyse(b"")["docstrings"] == 0


def test_declared_encodings_are_honoured() -> None:
    assert analyse("# -*- coding: latin-1 -*-\ndef café(): pass\n".encode("latin-1"))["longest_name"] == "café"


def test_equal_lengths_name_the_first_function() -> None:
    assert analyse(b"def a(): pass\ndef b(): pass\n")["longest_name"] == "a"


def test_the_standard_library_leaves_out_packages_and_test_suites(tmp_path: Path) -> None:
    for name in ("a.py", "pkg/b.py", "test/c.py", "pkg/tests/d.py", "site-packages/e.py", "pkg/readme.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    assert list(standard_library(tmp_path)) == ["a.py", "pkg/b.py"]


def test_this_interpreters_library_is_worth_a_job() -> None:
    library = standard_library()
    assert len(library) > 300
    ast.parse(library["ast.py"])


def test_longest_functions_are_ranked_by_length_then_name() -> None:
    answers = {
        "b.py": analyse(b"def b():\n  pass\n"),
        "a.py": analyse(b"def a():\n  pass\n"),
        "c.py": analyse(b"x = 1"),
    }
    assert longest_functions(answers, 5) == [(2, "a", "a.py:1"), (2, "b", "b.py:1")]
