"""`we1web node`: lends this machine to a coordinator and shows, in one line, what it does and why it does not."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

from cyclopts import Parameter
from cyclopts.validators import Number
from rich.console import Console
from rich.live import Live
from rich.text import Text

from we1web.agent import telemetry
from we1web.agent.node import Node
from we1web.agent.pausing import WORDS, When
from we1web.agent.runtimes import available
from we1web.agent.service import Service
from we1web.agent.startup import Options
from we1web.domain.money import parse_micros
from we1web.protocol.limits import MAX_CORES

EVERY_JOB = "*"
"""What the operator's referees judge."""


def _is_country(_type: object, value: str) -> None:
    if value and not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise ValueError("a country is two letters (ISO 3166-1 alpha-2), for example DE")


def _is_amount(_type: object, value: str) -> None:
    parse_micros(value)


def command(
    *,
    join: str,
    token: Annotated[str, Parameter(env_var="WE1WEB_TOKEN")],
    cores: Annotated[int | None, Parameter(validator=Number(gte=1, lte=MAX_CORES))] = None,
    name: str = "",
    when: When = When.ALWAYS,
    country: Annotated[str, Parameter(validator=_is_country)] = "",
    min_per_hour: Annotated[str, Parameter(validator=_is_amount)] = "0",
    referee: Annotated[bool, Parameter(negative="")] = False,
    state_dir: Path | None = None,
    verbose: bool = False,
) -> None:
    """Run tasks for others on this machine, and be paid for the results.

    Ends politely on Ctrl-C or SIGTERM: running work is finished and reported. A second Ctrl-C leaves at once.
    Exit codes: 0 left politely, 2 bad address, 3 refused by the coordinator, 4 no runtime works here, 5 the state
    folder cannot be written, 130 left at once.

    Parameters
    ----------
    join
        Address of the coordinator, for example https://we1web.example or http://localhost:8080.
    token
        A token with the scope `node`. Better given as WE1WEB_TOKEN, which other users of the machine cannot see.
    cores
        How many bundles may run at once; by default all cores that the memory suffices for.
    name
        What the node is called; by default the machine's name.
    when
        `idle`: only while nobody uses the machine; `always`: whatever else happens.
    country
        Where the machine stands, as two letters (DE): some jobs may run in certain countries only.
    min_per_hour
        What an hour of one core must bring at least, for example 0.02: work below that goes to others.
    referee
        Judges instead of voting, for every job: on the operator's own machines. See also `we1web referee`.
    state_dir
        Where the node keeps its id, benchmark and cache; by default a folder of the user's.
    verbose
        Log every bundle, also on a terminal.
    """
    floor_micros = parse_micros(min_per_hour)
    judge = EVERY_JOB if referee else ""
    serve(Options(join, token, cores, name, when, state_dir, country.upper(), floor_micros, judge), verbose=verbose)


def serve(options: Options, *, verbose: bool) -> NoReturn:
    """Runs a node until it leaves, and ends the process with its exit code."""
    console = Console(stderr=True)
    telemetry.configure(for_people=console.is_terminal, verbose=verbose)
    service = Service(options, available, (lambda node: shown(node, console)) if console.is_terminal else None)
    sys.exit(asyncio.run(service.run()))


@contextmanager
def shown(node: Node, console: Console) -> Iterator[None]:
    """Keeps one status line at the bottom of the terminal."""
    with Live(get_renderable=lambda: status_line(node), console=console, refresh_per_second=4, transient=True):
        yield


def status_line(node: Node) -> Text:
    """For example: ● working as attic · 2 running, 3 waiting · 1,204 tasks done, 1,180 paid, 0.5900 USD."""
    totals = node.totals
    mark, words = _activity(node)
    line = Text.assemble(mark, f" {words} as {node.name} · {node.running} running, {node.queued} waiting")
    line.append(f" · {totals.acknowledged:,} tasks done, {totals.paid:,} paid, {totals.earned_micros / 1e6:.4f} USD")
    if totals.rejected:
        line.append(f" · {totals.rejected:,} outvoted", "yellow")
    return line


def _activity(node: Node) -> tuple[tuple[str, str], str]:
    if not node.connected:
        return ("○", "yellow"), "connecting"
    if node.pause.reason is not None:
        return ("◐", "yellow"), WORDS[node.pause.reason]
    return ("●", "green"), "working" if node.running else "waiting for work"
