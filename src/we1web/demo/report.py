"""The last screen of the demonstration, and its figures for scripts. Renders what it is given; measures nothing."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from we1web.demo.evidence import Findings, JobRecord
from we1web.domain.money import show


@dataclass(frozen=True)
class OwnerLine:
    """One contributor: how it voted and what the ledger says it earned."""

    name: str
    votes: int
    agreed: int
    earned_micros: int


@dataclass(frozen=True)
class Report:
    """Everything the last screen shows."""

    findings: Findings
    jobs: list[JobRecord]
    owners: list[OwnerLine]
    saboteur: str
    longest: list[tuple[int, str, str]]
    python: str
    picture: Path
    seconds: float


def figures(report: Report) -> dict[str, Any]:
    """One flat object for scripts."""
    return {
        **asdict(report.findings),
        "clean": report.findings.clean,
        "seconds": round(report.seconds, 1),
        "jobs": {job.name: {"tasks": job.total, "seconds": round(job.seconds, 1)} for job in report.jobs},
        "earned_micros": {owner.name: owner.earned_micros for owner in report.owners},
        "longest_functions": [f"{lines} {name} {place}" for lines, name, place in report.longest],
        "picture": str(report.picture),
    }


def screen(report: Report) -> RenderableType:
    """One screen for a person."""
    picture = Text(f"The picture: {report.picture}", no_wrap=True, overflow="ignore")
    tables = Columns([_owners(report), _longest(report)], padding=(0, 4))
    parts: list[RenderableType] = [
        _headline(report),
        _jobs(report),
        _saboteur(report),
        tables,
        picture,
        _verdict(report.findings),
    ]
    return Group(*(Padding(part, (0, 0, 1, 0)) for part in parts))


def _headline(report: Report) -> Text:
    nodes = len(report.owners)
    return Text(f"{nodes} nodes of {nodes} owners, one of them lying · {report.seconds:.0f} s", style="bold")


def _jobs(report: Report) -> Table:
    table = _table("Job", ">tasks", ">verified", ">executions", ">each", ">seconds", ">paid")
    for job in report.jobs:
        verified = sum(answer.state == "verified" for answer in job.answers)
        each = f"{job.executions / max(1, job.total):.2f}"
        row = [job.name, job.total, verified, job.executions, each, f"{job.seconds:.1f}", show(job.spent_micros)]
        table.add_row(*map(str, row))
    return table


def _saboteur(report: Report) -> Text:
    found = report.findings
    return Text(
        f"{report.saboteur} gave {found.saboteur_lies:,} wrong answers: {found.saboteur_outvoted:,} were out-voted, "
        f"{max(0, found.saboteur_lies - found.saboteur_votes):,} not counted any more. It earned "
        f"{show(found.saboteur_earned_micros)}.\n"
        f"Wrong answers accepted: {found.wrong_accepted}. All {found.tasks:,} answers were computed again here, "
        f"{found.pixels_checked:,} pixels also in plain Python."
    )


def _owners(report: Report) -> Table:
    table = _table("Owner", ">votes", ">accepted", ">earned")
    for owner in report.owners:
        table.add_row(owner.name, str(owner.votes), str(owner.agreed), show(owner.earned_micros))
    table.add_section()
    table.add_row("platform fee", "", "", show(report.findings.fees_micros))
    table.add_row("requester paid", "", "", show(report.findings.spent_micros))
    table.add_row("sum of the ledger", "", "", show(report.findings.ledger_sum_micros))
    return table


def _longest(report: Report) -> Table:
    table = _table(">lines", f"longest functions of Python {report.python}", "where")
    for lines, name, where in report.longest:
        table.add_row(str(lines), name, where)
    return table


def _verdict(found: Findings) -> Text:
    if found.clean:
        return Text("Every answer verified, every honest vote paid, no lie accepted.", style="bold green")
    return Text(f"NOT clean: {'; '.join(found.broken_promises())}", style="bold red")


def _table(*headings: str) -> Table:
    """A table without borders; a heading that starts with > is aligned right."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for heading in headings:
        table.add_column(heading.lstrip(">"), justify="right" if heading.startswith(">") else "left", no_wrap=True)
    return table
