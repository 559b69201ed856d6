"""Speed is what reports and the clock agree on; deadlines follow from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.race import Race
from tests.engine.world import World, truth

from we1web.engine import placement
from we1web.engine.pace import FASTEST, PRIOR_SLOWEST, SLOWEST
from we1web.engine.settings import Settings
from we1web.engine.state import Node


def work(world: World, node: Node, bundles: int, run_s: float, claimed_s: float | None = None) -> None:
    """The node runs one bundle after the other, and says how long it took."""
    for _ in range(bundles):
        world.place()
        bundle_id = next(iter(node.held))
        world.now += run_s
        claimed_us = int((run_s if claimed_s is None else claimed_s) * 1e6)
        world.engine.report(node, bundle_id, [truth(bundle_id)], claimed_us, world.now)
        world.checked(world.engine.reported(node, world.now))


def test_pace_is_measured_against_the_average_node() -> None:
    race = Race(1_500, 20, lambda random: random.uniform(8, 12))
    race.run()
    paces: dict[float, list[float]] = {}
    for key, speed in race.speed.items():
        paces.setdefault(speed, []).append(race.engine.state.nodes[key].pace)
    middle = {speed: sum(found) / len(found) for speed, found in paces.items()}
    assert middle[2.0] / middle[1.0] == pytest.approx(2, rel=0.25)
    assert middle[1.0] / middle[0.5] == pytest.approx(2, rel=0.25)


def test_who_claims_to_be_fast_is_as_fast_as_the_clock_says_at_most_twice() -> None:
    world = World()
    honest, liar = world.node(1, window=1, cores=1), world.node(2, window=1, cores=1)
    job = world.job(400)
    job.wall_s, job.task_s = 60.0, 10.0
    for _ in range(40):
        work(world, honest, 1, 10.0)
        work(world, liar, 1, 10.0, claimed_s=0.001)
    assert honest.pace <= liar.pace < 3 * honest.pace


def test_a_run_time_longer_than_the_lease_is_not_believed() -> None:
    world = World()
    node = world.node(1, window=1)
    job = world.job(5)
    work(world, node, 1, 0.5, claimed_s=1_000.0)
    assert job.task_s == pytest.approx(0.5)


def test_one_absurd_report_does_not_spoil_an_estimate() -> None:
    world = World()
    node = world.node(1, window=1)
    job = world.job(50)
    job.wall_s = 600.0
    work(world, node, 10, 1.0)
    before = job.task_s
    work(world, node, 1, 1.0, claimed_s=0.0)
    assert job.task_s >= 0.8 * before
    work(world, node, 1, 500.0)
    assert job.task_s <= 3 * before


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=30))
def test_a_benchmark_may_make_a_newcomer_look_slow_and_never_fast(claims: list[float]) -> None:
    world = World()
    for key, speed in enumerate(claims, 1):
        assert PRIOR_SLOWEST <= world.node(key, speed=speed).pace <= 1.0
    assert len(claims) < 2 or world.engine.state.typical_speed <= 2 * max(claims) + 1


def test_paces_stay_within_bounds() -> None:
    world = World()
    node = world.node(1, window=1)
    job = world.job(200)
    job.wall_s, job.task_s = 1e6, 100.0
    work(world, node, 60, 1e-6)
    assert node.pace <= FASTEST
    work(world, node, 60, 1e5)
    assert node.pace >= SLOWEST


class TestDeadlines:
    def hold(self, pace: float = 1.0, spread_s: float = 0.0, task_s: float = 10.0, backlog_s: float = 0.0) -> float:
        """Seconds of a lease on one task."""
        world = World()
        node = world.node(1)
        job = world.job(1)
        job.task_s, job.spread_s, node.pace, node.backlog_s = task_s, spread_s, pace, backlog_s
        standing = node.standings["wasm-1"]
        return placement.hold_for(world.engine.state, job, standing, 1, 100.0).deadline - 100.0

    def test_they_follow_the_pace_the_scatter_and_what_the_node_holds(self) -> None:
        assert self.hold(pace=0.5) > self.hold() > self.hold(pace=2.0)
        assert self.hold(spread_s=5.0) > self.hold()
        assert self.hold(backlog_s=50.0) > self.hold()

    def test_they_never_fall_below_a_floor(self) -> None:
        assert self.hold(pace=FASTEST, task_s=1e-6) >= Settings().slack_s

    def test_while_the_run_time_is_unknown_the_limit_counts(self) -> None:
        assert self.hold(task_s=0.0) == self.hold(task_s=1.0)


def test_the_same_seed_gives_the_same_market() -> None:
    def times() -> list[float]:
        return Race(300, 10, lambda random: random.uniform(5, 15), vanish=0.3, seed=4).run()

    assert times() == times()
