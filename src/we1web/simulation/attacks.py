"""The suite `adversaries`: every policy, ours and those to compare with, under every attack. One row a run."""

from collections.abc import Iterator
from typing import NamedTuple

from we1web.domain.policy import POLICIES, Policy
from we1web.domain.strategy import DEFAULT_STRATEGY, STRATEGIES
from we1web.simulation.baselines import BASELINES
from we1web.simulation.figures import error_upper, percentile
from we1web.simulation.report import Request, Row
from we1web.simulation.scenarios import SCENARIOS, cast
from we1web.simulation.tally import Tally
from we1web.simulation.workloads import JobSpec
from we1web.simulation.world import Plan, World

REFEREES = 3
"""First-party machines that judge disputes."""
NEEDS_REFEREE = frozenset({"checked"})


class Attack(NamedTuple):
    """One run: plain values, so that it can travel to another process and be replayed by one command."""

    scenario: str
    policy: str
    tasks: int
    seed: int
    nodes: int = 60
    referees: int = REFEREES
    strategy: str = DEFAULT_STRATEGY

    @property
    def label(self) -> dict[str, str]:
        return {"scenario": self.scenario, "policy": self.policy}

    @property
    def command(self) -> str:
        judge = "" if self.referees else " --no-referee"
        return (
            f"we1web simulate --suite adversaries --scenario {self.scenario} --policy {self.policy} "
            f"--strategy {self.strategy} --tasks {self.tasks} --nodes {self.nodes} --seed {self.seed}{judge}"
        )

    def world(self) -> World:
        """What is about to happen."""
        scenario = SCENARIOS[self.scenario]
        members = cast(scenario, self.nodes, self.seed, self.referees)
        plan = Plan(self.seed, members, [JobSpec(self.tasks)], scenario.values)
        return World(plan, make_policy(self.policy), STRATEGIES[self.strategy])

    def run(self) -> Row:
        return figures(self.world().run())


def cases(ask: Request) -> Iterator[Attack]:
    """Every scenario under every policy that was asked for."""
    referees = REFEREES if ask.referee else 0
    for scenario in ask.wanted(ask.scenarios, SCENARIOS):
        for policy in ask.wanted(ask.policies, policy_names()) if ask.policies else for_strangers():
            if policy in NEEDS_REFEREE and not referees:
                continue
            for strategy in ask.wanted(ask.strategies, STRATEGIES, DEFAULT_STRATEGY):
                yield Attack(scenario, policy, ask.tasks, ask.seed, ask.nodes, referees, strategy)


def policy_names() -> list[str]:
    """Ours, then those to compare with."""
    return [*POLICIES, *BASELINES]


def for_strangers() -> list[str]:
    """All that compare, check or verify: who only trusts its own devices has nothing to defend."""
    return [name for name in policy_names() if make_policy(name).check_rate > 0]


def make_policy(name: str) -> Policy:
    """A fresh one: those to compare with may keep records."""
    return BASELINES[name]() if name in BASELINES else POLICIES[name]


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
        "latency_p50_s": round(percentile(tally.latencies, 0.5), 3),
        "latency_p99_s": round(percentile(tally.latencies, 0.99), 3),
        "adversaries": tally.adversaries,
        "adversaries_expelled": tally.adversaries_expelled,
        "bayes_bound": tally.error_bound,
    }
