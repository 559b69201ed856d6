"""Inputs of `we1web map`: from the command line, from a file of lines, JSON or CSV, or one per file. Read lazily."""

import csv
import glob
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from we1web.protocol.errors import We1webError

Format = Literal["auto", "lines", "jsonl", "json", "csv"]
_BY_SUFFIX: dict[str, Format] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv"}


class InputError(We1webError):
    """Inputs that cannot be read."""

    code = "input_unreadable"


class Files:
    """The contents of files, one input each, read when their turn comes."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = paths

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[bytes]:
        return (_content(path) for path in self.paths)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", hint="check the path and its permissions") from None


def from_words(words: Sequence[str], *, as_text: bool) -> list[Any]:
    """Command-line inputs: JSON where it is JSON (3, true, [1, 2]), else text."""
    return list(words) if as_text else [_json_or_text(word) for word in words]


def _json_or_text(word: str) -> Any:
    try:
        return json.loads(word)
    except ValueError:
        return word


def from_glob(pattern: str) -> Files:
    """One input per file. Raises InputError when there is none."""
    names = glob.glob(pattern, recursive=True)  # noqa: PTH207 Path.glob refuses absolute patterns
    found = sorted(path for path in map(Path, names) if path.is_file())
    if not found:
        raise InputError(f"no file matches {pattern!r}", hint="quote the pattern, so that the shell leaves it alone")
    return Files(found)


def from_file(path: Path, form: Format) -> list[Any]:
    """The inputs in a file (`-`: standard input), by its ending or as told. Raises InputError."""
    if form == "auto":
        form = _BY_SUFFIX.get(path.suffix.lower(), "lines")
    text = sys.stdin.read() if str(path) == "-" else _content(path).decode("utf-8", "surrogateescape")
    try:
        return list(_parsed(text, form))
    except (ValueError, csv.Error) as error:
        raise InputError(f"{path} is not {form}: {error}", hint="name its format with --format") from None


def _parsed(text: str, form: Format) -> Iterable[Any]:
    lines = text.splitlines()
    match form:
        case "csv":
            return csv.DictReader(lines)
        case "json":
            return _items(json.loads(text))
        case "jsonl":
            return (json.loads(line) for line in lines if line.strip())
    return lines


def _items(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("an array of inputs is needed")
    return value
