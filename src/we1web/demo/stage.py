"""The demonstration from curtain to curtain: the market opens, two jobs run, the books are read, claims are checked.

This module must not know more about the market than its HTTP interface and its command line tell.
"""

import platform
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from we1web.demo import clock
from we1web.demo.analysis import longest_functions, standard_library
from we1web.demo.evidence import Books, JobRecord, Vote, weigh
from we1web.demo.jobs import Assignment, library_job, picture_job, wrong_pixels
from we1web.demo.kernel import assemble
from we1web.demo.mandelbrot import SEAHORSE_VALLEY, tiles
from we1web.demo.market import SABOTEUR, Market, Say, open_market
from we1web.demo.picture import paint
from we1web.demo.records import is_settled, record_of
from we1web.demo.report import OwnerLine, Report
from we1web.sdk.client import Client
from we1web.sdk.run import Status

SETTLE_SECONDS = 60.0
BUDGET_EXECUTIONS = 6
"""What the budget covers for each task: three agreeing executions, and room for the disputes a saboteur causes."""


@dataclass(frozen=True)
class Run:
    """One job as it went: its id, the values as the client yielded them in input order, and how long that took."""

    assignment: Assignment
    job_id: str
    values: list[Any]
    seconds: float


def play(picture: Path, say: Say, *, bar: bool) -> Report:
    """Runs the whole demonstration, writes the picture, and returns what the last screen shows.

    `bar`: progress bars instead of lines, for people at a terminal.
    """
    started = clock.now()
    library = standard_library()
    shapes = list(tiles(SEAHORSE_VALLEY))
    jobs = [library_job(library.values()), picture_job(assemble(), shapes)]
    with open_market(Path(mkdtemp(prefix="we1web-demo-")), say) as market:
        runs = [perform(market, job, say, bar=bar) for job in jobs]
        say("reading the books, and computing every answer once more on this machine")
        records = [record(market, run) for run in runs]
        books = read_books(market)
        lies = market.lies_told()
    analyses, bodies = (run.values for run in runs)
    write(picture, paint(SEAHORSE_VALLEY, zip(shapes, bodies, strict=True)))
    return Report(
        findings=weigh(records, books, saboteur=SABOTEUR, lies=lies, pixels=wrong_pixels(shapes, bodies)),
        jobs=records,
        owners=owner_lines(records, books),
        saboteur=SABOTEUR,
        longest=longest_functions(dict(zip(library, analyses, strict=True))),
        python=".".join(platform.python_version_tuple()[:2]),
        picture=picture,
        seconds=clock.now() - started,
    )


def perform(market: Market, job: Assignment, say: Say, *, bar: bool) -> Run:
    """Sends one job to the market and waits for its results, as any requester would."""
    say(f"{job.name}: {len(job.inputs)} tasks, each computed by at least three owners")
    started = clock.now()
    budget_micros = BUDGET_EXECUTIONS * len(job.inputs) * job.price_micros
    with Client(market.office.url, market.requester.token) as client:
        results = client.map(
            job.program,
            job.inputs,
            price=job.price_micros,
            budget=budget_micros,
            name=job.name,
            progress=bar or Progress(say),
        )
        values = list(results)
    return Run(job, results.job_id, values, clock.now() - started)


class Progress:
    """Says every tenth part of a job."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._tenths = 0

    def __call__(self, status: Status) -> None:
        tenths = 10 * status.received // max(1, status.total)
        if tenths > self._tenths:
            self._tenths = tenths
            self._say(f"  {status.received:>5} of {status.total} verified")


def record(market: Market, run: Run) -> JobRecord:
    """What the market's own records say of a job, once everything is settled, beside what is right."""
    office, requester = market.office, market.requester
    job: dict[str, Any] = {}
    results: list[dict[str, Any]] = []

    def settled() -> bool:
        job.update(office.job(requester, run.job_id))
        results[:] = office.results(requester, run.job_id)
        return is_settled(job, results)

    market.wait_until("settling the job", settled, SETTLE_SECONDS)
    return record_of(
        job,
        results,
        owner_of=market.owner_of_nodes(),
        received=[run.assignment.encode(value) for value in run.values],
        right=[run.assignment.referee(given) for given in run.assignment.inputs],
        fee_micros=office.fee_micros(requester, run.assignment.price_micros),
        seconds=run.seconds,
    )


def read_books(market: Market) -> Books:
    totals = market.office.books(market.operator_token)
    earned = {name: market.office.earned_micros(owner) for name, owner in market.owners.items()}
    fees = sum(total["balance_micros"] for total in totals if total["kind"] == "fees")
    return Books(earned, fees, sum(total["balance_micros"] for total in totals))


def owner_lines(records: Iterable[JobRecord], books: Books) -> list[OwnerLine]:
    votes = Counter(vote for job in records for answer in job.answers for vote in answer.votes)
    return [
        OwnerLine(name, votes[Vote(name, True)] + votes[Vote(name, False)], votes[Vote(name, True)], earned)
        for name, earned in books.earned_micros.items()
    ]


def write(picture: Path, content: bytes) -> None:
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(content)
