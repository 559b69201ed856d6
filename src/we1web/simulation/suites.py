"""Suites: many runs, one row of figures each, spread over processes. The rows depend on the seed, never on the spread.

A run is named by plain values (`Case`), so that it can travel to another process and be replayed by one command.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple, TypeVar

from we1web.domain.policy import POLICIES, Policy
from we1web.domain.strategy import DEFAULT_STRATEGY, STRATEGIES
from we1web.simulation.baselines import BASELINES
from we1web.simulation.figures import error_upper, percentile
from we1web.simulation.report import Report, Row
from we1web.simulation.scenarios import SCENARIOS, cast
from we1web.simulation.tally import Tally
from we1web.simulation.workloads import JobSpec
from we1web.simulation.world import Plan, World

T = TypeVar("T")
VIOLATION = "violation"


class Case(NamedTuple):
    """One run of the adversaries suite."""

    scenario: str
    policy: str
    tasks: int
    seed: int
    nodes: int = 60
    referees: int = 0
    strategy: str = DEFAULT_STRATEGY

    @property
    def command(self) -> str:
        """Replays it."""
        judge = " --no-referee" if not self.referees else ""
        return (
            f"we1web simulate --suite adversaries --scenario {self.scenario} --policy {self.policy} "
            f"--tasks {self.tasks} --nodes {self.nodes} --seed {self.seed} --strategy {self.strategy}{judge}"
        )


def policy_names() -> list[str]:
    """Ours, then those to compare with."""
    return [*POLICIES, *BASELINES]


def make_policy(name: str) -> Policy:
    """A fresh one: those to compare with may keep records."""
    return BASELINES[name]() if name in BASELINES else POLICIES[name]


def adversaries(
    cases: Sequence[Case], jobs: int = 1, progress: Callable[[Row], None] = lambda row: None
) -> Report:
    """Every case once."""
    rows = list(_told(_spread(attack, cases, jobs), progress))
    return Report("adversaries", {}, rows, [row for row in rows if row.get(VIOLATION)])


def attack(case: Case) -> Row:
    """One policy under one attack."""
    scenario = SCENARIOS[case.scenario]
    members = cast(scenario, case.nodes, case.seed, case.referees)
    plan = Plan(case.seed, members, [JobSpec(case.tasks)], scenario.values)
    world = World(plan, make_policy(case.policy), STRATEGIES[case.strategy])
    row: Row = {"scenario": case.scenario, "policy": case.policy}
    try:
        world.run()
    except AssertionError as broken:
        return {**row, VIOLATION: str(broken), "replay": case.command}
    return row | figures(world.tally)


def figures(tally: Tally) -> Row:
    """What a row says of a run."""
    ended = tally.accepted + tally.failed
    return {
        "error": tally.error,
        "error_upper95": error_upper(tally.wrong, tally.accepted),
        "executions_per_task": tally.executions / ended,
        "honest_expelled": tally.honest_expelled,
        "honest_unpaid": tally.honest_unpaid,
        "tasks": ended,
        "wrong": tally.wrong,
        "failed": tally.failed,
        "referee_per_task": tally.referee_executions / ended,
        "latency_p50_s": percentile(tally.latencies, 0.5),
        "latency_p99_s": percentile(tally.latencies, 0.99),
        "adversaries": tally.adversaries,
        "adversaries_expelled": tally.adversaries_expelled,
        "bayes_bound": tally.error_bound,
    }


def _told(rows: Iterable[Row], progress: Callable[[Row], None]) -> Iterator[Row]:
    for row in rows:
        progress(row)
        yield row


def _spread(run: Callable[[T], Row], cases: Sequence[T], jobs: int) -> Iterator[Row]:
    """Rows in the order of the cases, whichever process finds them first."""
    if jobs <= 1 or len(cases) <= 1:
        yield from map(run, cases)
        return
    with ProcessPoolExecutor(min(jobs, len(cases)), mp_context=get_context("spawn")) as pool:
        yield from pool.map(run, cases)
