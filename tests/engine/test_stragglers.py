"""The end of a job does not wait for nodes that are late, gone, or pretend to be there."""

import pytest
from tests.engine.race import Race
from tests.engine.world import PRICE, World, lie, truth

from we1web.engine.settings import Settings
from we1web.engine.state import Node
from we1web.engine.stragglers import MAX_LATE, REST_S

BUNDLE = 1 << 20


def vote(world: World, node: Node) -> None:
    for bundle_id in list(node.held):
        world.answer(node, bundle_id)


def stuck(budget_votes: float = 25, nodes: int = 6) -> tuple[World, Node]:
    """A job of one task of a known second, and who holds it and says nothing."""
    world = World()
    for key in range(1, nodes + 1):
        world.node(key)
    job = world.job(1, budget_votes=budget_votes)
    job.task_s, job.wall_s = 1.0, 60.0
    (holder,) = world.place()
    return world, holder


@pytest.mark.parametrize("seed", [1, 4, 8])
def test_three_nodes_in_ten_gone_without_a_word_delay_the_end_by_two_run_times_at_most(seed: int) -> None:
    """The last twentieth of 1,500 tasks on 30 nodes of unequal speed, beside the same race in which all stay."""
    races = [Race(1_500, 30, lambda random: random.uniform(5, 15), vanish=share, seed=seed) for share in (0.0, 0.3)]
    assert [len(race.run()) for race in races] == [1_500, 1_500]
    assert races[1].tail() <= races[0].tail() + 2.0
    assert races[1].executions <= 3.01 * 1_500


def test_every_invariant_holds_while_nodes_fall_silent() -> None:
    race = Race(300, 12, lambda random: random.uniform(5, 15), vanish=0.4, seed=3, check=True)
    assert len(race.run()) == 300


def test_heavy_tails_end_too_and_cost_hardly_more() -> None:
    race = Race(1_500, 30, lambda random: 1 + random.expovariate(1 / 9), vanish=0.3)
    race.run()
    assert len(race.times) == 1_500 and race.executions <= 3.05 * 1_500


def test_a_late_lease_is_given_to_one_more_node_and_its_vote_still_counts() -> None:
    world, holder = stuck()
    world.tick(1.5)
    assert not world.place(), "not late yet"
    world.tick(1.5)
    (second,) = world.place()
    assert second is not holder and world.engine.state.bundles[BUNDLE].late == {holder.key}
    world.tick(0.5)
    assert not world.place(), "one at a time"
    vote(world, holder)
    vote(world, second)
    world.run(lambda node, task: truth(task))
    assert len(world.outcomes()) == 1 and len(world.earned()) == 3


def test_who_comes_when_all_is_settled_is_paid_as_well() -> None:
    world, holder = stuck()
    world.tick(3.0)
    for _ in range(3):
        (other,) = world.place()
        vote(world, other)
    assert len(world.outcomes()) == 1
    vote(world, holder)
    assert world.earned()[holder.key] == 1 and len(world.finished) == 1
    assert world.finished[0].spent_micros == 4 * PRICE and world.finished[0].reserved_micros == 0


def test_a_late_lie_is_not_paid() -> None:
    world, holder = stuck()
    world.tick(3.0)
    for _ in range(3):
        (other,) = world.place()
        vote(world, other)
    world.answer(holder, BUNDLE, [lie(BUNDLE, holder.key)])
    assert holder.key not in world.earned()


def test_leases_are_written_off_only_so_often() -> None:
    world, _ = stuck(nodes=12)
    bundle = world.engine.state.bundles[BUNDLE]
    most = 0
    for _ in range(30):
        world.tick(2.5)
        world.place()
        most = max(most, bundle.leases)
        assert len(bundle.late or ()) <= MAX_LATE
    assert most == MAX_LATE + 1


def test_no_money_is_spent_on_it_that_the_missing_votes_need() -> None:
    world, holder = stuck(budget_votes=3)
    world.tick(3.0)
    assert not world.place()
    vote(world, holder)
    world.run(lambda node, task: truth(task))
    assert len(world.outcomes()) == 1


def test_while_nobody_else_can_nobody_is_asked() -> None:
    world, holder = stuck(nodes=1)
    world.tick(3.0)
    assert not world.place() and not world.engine.state.bundles[BUNDLE].late
    vote(world, holder)


def test_a_silent_node_gets_nothing_more_until_it_reports() -> None:
    world = World()
    node = world.node(1, window=4)
    job = world.job(40)
    job.task_s, job.wall_s = 1.0, 60.0
    world.place()
    vote(world, node)
    world.place()
    world.tick(12.0)
    assert node.silent
    node.window = 8
    assert not world.place()
    world.answer(node, next(iter(node.held)))
    assert not node.silent and world.place()


def test_who_let_everything_run_out_is_tried_with_one_lease_after_a_rest() -> None:
    world = World(settings=Settings(slack_s=1.0, slowness=1.0))
    node = world.node(1, window=4)
    job = world.job(40)
    job.task_s, job.wall_s = 1.0, 60.0
    world.place()
    world.tick(30.0)
    assert not node.held and not world.place()
    world.tick(REST_S)
    assert [len(given) for given in world.place().values()] == [1]
    world.answer(node, next(iter(node.held)))
    assert [len(given) for given in world.place().values()] == [4]


def test_work_that_is_withdrawn_is_no_silence() -> None:
    world = World()
    node = world.node(1)
    job = world.job(5)
    job.task_s = 1.0
    world.place()
    world.tick(9.0)
    assert node.silent
    world.checked(world.engine.cancel_job(job))
    assert not node.silent
