"""`we1web simulate`: the market under attack, under faults and under load, on virtual time and from one seed."""

import os
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from we1web.cli._options import AsJson

if TYPE_CHECKING:
    from we1web.simulation.report import Report

Names = Annotated[tuple[str, ...], Parameter(negative="")]


def command(
    *,
    suite: Literal["adversaries", "faults", "strategies"] = "adversaries",
    tasks: int = 6_000,
    nodes: int = 60,
    seed: int = 1,
    seeds: int = 100,
    policy: Names = (),
    scenario: Names = (),
    strategy: Names = (),
    referee: bool = True,
    jobs: int | None = None,
    as_json: AsJson = False,
) -> int:
    """Run the production engine on virtual time against liars, broken networks or heavy loads, and check every promise.

    Suites: `adversaries` (every policy under every attack), `faults` (crashes and broken networks, one history a
    seed), `strategies` (every strategy under every workload). The same arguments always give the same figures.
    Exit codes: 0 when no promise was broken, 1 when one was.

    Parameters
    ----------
    suite
        What to simulate.
    tasks
        Tasks of each run (adversaries, strategies).
    nodes
        Nodes of each run (adversaries, strategies).
    seed
        Everything that happens follows from it. In the suite `faults` it is the first of `seeds`.
    seeds
        How many histories (faults).
    policy
        Only these policies.
    scenario
        Only these scenarios (adversaries) or workloads (strategies).
    strategy
        Only these strategies.
    referee
        The operator's own machines judge disputes (adversaries).
    jobs
        Processes; by default one a core. The figures do not depend on it.
    as_json
        Print one JSON object as the last line of standard output instead of a table.
    """
    from we1web.cli._output import emit, note
    from we1web.simulation.report import Request
    from we1web.simulation.suites import run

    ask = Request(tasks, nodes, seed, seeds, policy, scenario, strategy, referee)
    found = run(suite, ask, jobs or os.cpu_count() or 1, note)
    if as_json:
        emit(found.figures())
    else:
        _show(found)
    for broken in found.violations:
        note(f"broken: {broken['violation']}\nreplay: {broken['replay']}")
    return 0 if found.clean else 1


def _show(found: "Report") -> None:
    from we1web.cli._output import table
    from we1web.simulation.report import cell, columns

    names = columns(found.rows)
    if found.rows:
        table(names, [[cell(row.get(name)) for name in names] for row in found.rows])
