"""Each adversary does what its name says, and what a policy makes of it."""

import pytest

from we1web.simulation.adversaries import (
    CONSTANT,
    HONEST,
    TRUTH,
    Answers,
    Behaviour,
    Colluding,
    Guesser,
    Independent,
    Lazy,
    Opportunist,
    QuizAware,
    Sight,
    Sleeper,
    Whitewasher,
)
from we1web.simulation.attacks import Attack
from we1web.simulation.scenarios import SCENARIOS, cast

from .worlds import members, world

TASKS = range(2_000)


def sight(task: int = 1, node: int = 1, clique: int = 1, answered: int = 0, together: int = 1) -> Sight:
    return Sight(task, node, clique, answered, together, seed=7)


def lies(behaviour: Behaviour, node: int = 1, **seen: int) -> list[int]:
    """Tasks it lies on."""
    return [task for task in TASKS if behaviour.variant(sight(task, node, **seen)) != TRUTH]


def test_the_honest_never_lie() -> None:
    assert lies(HONEST) == []


@pytest.mark.parametrize("rate", [1.0, 0.1, 0.01])
def test_saboteurs_lie_alone_and_at_their_rate(rate: float) -> None:
    mine, other = lies(Independent(rate), node=1), lies(Independent(rate), node=2)
    assert len(mine) / len(TASKS) == pytest.approx(rate, rel=0.35)
    assert rate == 1.0 or mine != other
    assert Independent(1.0).variant(sight(node=1)) != Independent(1.0).variant(sight(node=2))


def test_the_lazy_send_one_digest_for_everything() -> None:
    answers = Answers()
    assert {answers.outcome(task, Lazy().variant(sight(task))) for task in TASKS} == {answers.outcome(0, CONSTANT)}


def test_guessers_are_right_by_chance() -> None:
    assert len(lies(Guesser(4))) / len(TASKS) == pytest.approx(0.75, abs=0.05)


def test_colluders_lie_on_the_same_tasks_with_the_same_digest() -> None:
    colluding = Colluding(0.3)
    assert lies(colluding, node=1) == lies(colluding, node=2)
    assert lies(colluding, clique=1) != lies(colluding, clique=2)
    assert len(lies(colluding)) / len(TASKS) == pytest.approx(0.3, abs=0.05)
    assert {colluding.variant(sight(task)) for task in TASKS} == {TRUTH, 1}


def test_sleepers_wake_when_they_are_trusted() -> None:
    sleeper = Sleeper(Independent(1.0), after=100)
    assert lies(sleeper, answered=99) == []
    assert lies(sleeper, answered=100) == list(TASKS)


def test_opportunists_lie_in_company_and_the_quiz_aware_only_alone() -> None:
    assert lies(Opportunist(), together=1) == []
    assert lies(Opportunist(), together=2) == list(TASKS)
    assert lies(QuizAware(1.0, after=10), answered=20, together=2) == []
    assert lies(QuizAware(1.0, after=10), answered=9, together=1) == []
    assert lies(QuizAware(1.0, after=10), answered=20, together=1) == list(TASKS)


def test_whitewashers_throw_a_ruined_name_away() -> None:
    washer = Whitewasher(Colluding(1.0), ruined=2)
    assert not washer.renames(rejected=1, expelled=False)
    assert washer.renames(rejected=2, expelled=False)
    assert washer.renames(rejected=0, expelled=True)
    assert not HONEST.renames(rejected=99, expelled=True)


def test_a_new_name_is_a_new_account() -> None:
    liars = world(members(9, *[Whitewasher(Colluding(1.0))] * 2), tasks=500)
    tally = liars.run()
    names = {worker.node.owner for worker in liars.fleet if not worker.honest}
    assert tally.adversaries == len(names) > 2


def test_liars_are_not_paid_and_the_honest_are() -> None:
    liars = world(members(9, *[Independent(1.0)] * 2), tasks=120)
    tally = liars.run()
    assert tally.wrong == 0
    assert tally.honest_unpaid == 0.0
    earned = liars.ledger.earned()
    assert all(earned.get(worker.node.owner, 0) == 0 for worker in liars.fleet if not worker.honest)
    assert all(earned.get(worker.node.owner, 0) > 0 for worker in liars.fleet if worker.honest)


def test_two_answers_of_one_kind_are_equal_only_for_the_same_task() -> None:
    answers = Answers()
    assert answers.outcome(1, 5) == answers.outcome(1, 5) != answers.outcome(2, 5)
    assert len({Answers(4).outcome(9, variant) for variant in range(4)}) == 4


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_has_the_shares_it_says(name: str) -> None:
    scenario = SCENARIOS[name]
    cast_of = cast(scenario, 60, seed=3, referees=2)
    assert len(cast_of) == 62
    for group in scenario.groups:
        assert sum(m.behaviour is group.behaviour for m in cast_of) == round(60 * group.share)
    linked = {m.owner for m in cast_of if m.owner}
    assert bool(linked) == any(group.one_owner for group in scenario.groups)


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_promise_is_broken_under_attack(name: str) -> None:
    row = Attack(name, "classic", tasks=120, seed=5, nodes=30).run()
    assert row["tasks"] == 120
    assert row["error_upper95"] >= row["error"]


def test_the_default_policy_beats_plain_voting_where_liars_have_company() -> None:
    ours = Attack("opportunists-40", "classic", tasks=400, seed=5).run()
    plain = Attack("opportunists-40", "voting", tasks=400, seed=5).run()
    assert plain["error"] > 4 * ours["error"]
