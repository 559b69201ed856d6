"""Suites: the same seed gives the same figures whatever the number of processes, and scripts read one JSON object."""

import json

import pytest

from we1web import cli
from we1web.cli import simulate
from we1web.domain.policy import POLICIES
from we1web.simulation import attacks, suites
from we1web.simulation.attacks import Attack
from we1web.simulation.figures import error_upper, jain, percentile
from we1web.simulation.report import Request, cell

ATTACK_FIGURES = {
    "scenario", "policy", "error", "error_upper95", "executions_per_task", "honest_expelled", "honest_unpaid", "tasks",
    "wrong", "failed", "referee_per_task", "latency_p50_s", "latency_p99_s", "adversaries_expelled", "bayes_bound",
}  # fmt: skip
SMALL = Request(tasks=60, nodes=20, seed=4, scenarios=("lazy", "mix"), policies=("classic",))


def test_the_same_seed_gives_the_same_figures_in_any_number_of_processes() -> None:
    alone = suites.run("adversaries", SMALL, jobs=1)
    spread = suites.run("adversaries", SMALL, jobs=2)
    assert json.dumps(alone.figures()) == json.dumps(spread.figures())
    assert suites.run("adversaries", SMALL._replace(seed=5)).rows != alone.rows


def test_every_policy_meets_every_scenario() -> None:
    cases = list(attacks.cases(Request()))
    assert {case.policy for case in cases} == {*POLICIES, "voting", "boinc"} - {"trusted"}
    assert {case.scenario for case in cases} == attacks.SCENARIOS.keys()
    alone = list(attacks.cases(Request(referee=False)))
    assert {case.policy for case in cases} - {case.policy for case in alone} == {"checked"}


class Broken(Attack):
    """A run that breaks a promise."""

    def run(self) -> dict[str, object]:
        raise AssertionError("on purpose")


def test_a_broken_promise_comes_with_the_command_that_replays_it() -> None:
    row = suites.attempt(Broken("lazy", "classic", 10, 3))
    assert row["violation"] == "AssertionError: on purpose"
    assert "--scenario lazy --policy classic" in row["replay"]
    assert "--seed 3" in row["replay"]


def test_scripts_read_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--tasks", "40", "--nodes", "12", "--scenario", "lazy", "--policy", "classic", "--jobs", "1"]
    assert cli.run(["simulate", "--suite", "adversaries", *arguments, "--json"]) == 0
    ran = capsys.readouterr()
    found = json.loads(ran.out.splitlines()[-1])
    assert found["clean"] is True
    assert found["violations"] == []
    assert [set(row) >= ATTACK_FIGURES for row in found["rows"]] == [True]
    assert "1/1 lazy classic" in ran.err


def test_people_read_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["simulate", "--tasks", "40", "--nodes", "12", "--scenario", "lazy", "--jobs", "1"]) == 0
    assert "lazy" in capsys.readouterr().out


def test_the_command_explains_itself() -> None:
    assert all(name in (simulate.command.__doc__ or "") for name in suites.SUITES)


def test_a_name_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["simulate", "--policy", "hope"]) == 1
    assert "known are: classic" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "n", "bound"), [(0, 100, 0.029513), (1, 100, 0.046560), (10, 6_000, 0.002824), (100, 100, 1.0)]
)
def test_the_bound_is_clopper_and_pearsons(wrong: int, n: int, bound: float) -> None:
    assert error_upper(wrong, n) == pytest.approx(bound, rel=1e-3)


def test_small_statistics() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([], 0.5) == 0.0
    assert jain([1.0, 1.0]) == 1.0
    assert jain([1.0, 0.0]) == 0.5
    assert [cell(value) for value in (None, 0.0, 1e-5, 0.25, 3, "x")] == ["", "0", "1.0e-05", "0.25", "3", "x"]
