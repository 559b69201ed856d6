"""What commands print: results for people or for scripts, on standard output; everything else on standard error."""

import json
import sys
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from we1web.sdk.models import Job
from we1web.sdk.results import JobSummary, Result


def emit(value: dict[str, Any]) -> None:
    """One JSON object as the last line of standard output."""
    print(json.dumps(plain(value)))


def note(text: str) -> None:
    print(text, file=sys.stderr)


def plain(value: Any) -> Any:
    """A value as JSON has it: bytes as base64, sets sorted, what JSON lacks as text."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if abs(value) != float("inf") and value == value else str(value)  # noqa: PLR0124 NaN
        case bytes() | bytearray():
            return {"base64": b64encode(value).decode()}
        case dict():
            return {key if isinstance(key, str) else json.dumps(plain(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted((plain(item) for item in value), key=json.dumps)
    return value.tolist() if hasattr(value, "tolist") else str(value)


def record(result: Result, label: str | None) -> dict[str, Any]:
    """One task as a line of JSON."""
    line: dict[str, Any] = {"index": result.index, "state": result.state, "voters": result.voters}
    if label is not None:
        line["input"] = label
    if result.error is None:
        return {**line, "value": plain(result.value)}
    error = {name: getattr(result.error, name) for name in ("code", "message", "type") if hasattr(result.error, name)}
    return {**line, "error": error}


def for_people(result: Result) -> str:
    value = result.value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").removesuffix("\n")
    return value if isinstance(value, str) else json.dumps(plain(value), ensure_ascii=False)


class Writer:
    """Where results go: the terminal, a file of JSON lines, or a folder with one file for each."""

    def __init__(self, output: Path | None, label: Callable[[int], str | None], *, silent: bool) -> None:
        self._label = label
        self._silent = silent
        self._folder = output if output and (output.is_dir() or output.suffix == "") else None
        self._file: TextIO | None = None
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
        elif output:
            output.parent.mkdir(parents=True, exist_ok=True)
            self._file = output.open("w", encoding="utf-8")

    def write(self, result: Result) -> None:
        if self._folder:
            self._write_own_file(self._folder, result)
        elif self._file:
            self._file.write(json.dumps(record(result, self._label(result.index))) + "\n")
        elif result.ok and not self._silent:
            print(for_people(result), flush=True)
        if result.error is not None:
            note(f"task {result.index} failed: {result.error}")

    def _write_own_file(self, folder: Path, result: Result) -> None:
        if not result.ok:
            return
        stem = Path(self._label(result.index) or f"{result.index:06d}").name
        if isinstance(result.value, bytes):
            (folder / f"{stem}.out").write_bytes(result.value)
        else:
            (folder / f"{stem}.json").write_text(json.dumps(plain(result.value)), encoding="utf-8")

    def close(self) -> None:
        if self._file:
            self._file.close()


def summary_line(summary: JobSummary) -> str:
    from we1web.domain.money import show

    cost = f"{show(summary.spent_micros, summary.currency)} of at most {show(summary.budget_micros, summary.currency)}"
    counts = f"{summary.verified} verified, {summary.failed} failed of {summary.total}"
    return f"job {summary.job_id} {summary.state}: {counts}; {summary.executions} executions; {cost}"


def summary_record(summary: JobSummary) -> dict[str, Any]:
    return asdict(summary)


def job_record(job: Job) -> dict[str, Any]:
    return {name: getattr(job, name) for name in job.__struct_fields__}


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table for people; for a pipe, tab-separated columns without a head, never shortened."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not console.is_terminal:
        for row in rows:
            print("\t".join(row))
        return
    drawn = Table(*columns, box=None, pad_edge=False, header_style="bold")
    drawn.columns[0].no_wrap = True
    drawn.columns[0].overflow = "ignore"
    for row in rows:
        drawn.add_row(*row)
    console.print(drawn)
