"""Suites: many runs, one row of figures each, spread over processes. Rows depend on the seed, never on the spread."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, Protocol

from we1web.simulation import attacks, faults, loads
from we1web.simulation.report import Report, Request, Row


class Case(Protocol):
    """One run, named by plain values."""

    @property
    def label(self) -> Mapping[str, Any]:
        """Its name in the report."""

    @property
    def command(self) -> str:
        """Replays it."""

    def run(self) -> Row:
        """Its figures. Raises AssertionError when a promise is broken."""


SUITES: dict[str, Callable[[Request], Iterator[Case]]] = {
    "adversaries": attacks.cases,
    "faults": faults.cases,
    "strategies": loads.cases,
}


def run(suite: str, ask: Request, jobs: int = 1, progress: Callable[[str], None] = lambda line: None) -> Report:
    """Every case of a suite once, in `jobs` processes. `progress` hears a line after each."""
    cases = list(SUITES[suite](ask))
    rows: list[Row] = []
    violations: list[Row] = []
    for number, (case, found) in enumerate(zip(cases, _spread(cases, jobs), strict=True), 1):
        (violations if "violation" in found else rows).append(found)
        names = " ".join(map(str, case.label.values()))
        progress(f"{number}/{len(cases)} {names}{': ' + found['violation'] if 'violation' in found else ''}")
    return Report(suite, _echo(suite, ask), rows, violations)


def _echo(suite: str, ask: Request) -> dict[str, int]:
    """The arguments that a suite heeds."""
    if suite == "faults":
        return {"seed": ask.seed, "seeds": ask.seeds}
    return {"tasks": ask.tasks, "nodes": ask.nodes, "seed": ask.seed}


def attempt(case: Case) -> Row:
    """The case's figures, or the promise it broke and the command that breaks it again."""
    try:
        return {**case.label, **case.run()}
    except AssertionError as broken:
        return {**case.label, "violation": f"{type(broken).__name__}: {broken}", "replay": case.command}


def _spread(cases: Sequence[Case], jobs: int) -> Iterator[Row]:
    """Rows in the order of the cases, whichever process finds them first."""
    if jobs <= 1 or len(cases) <= 1:
        yield from map(attempt, cases)
        return
    with ProcessPoolExecutor(min(jobs, len(cases)), mp_context=get_context("spawn")) as pool:
        yield from pool.map(attempt, cases)
