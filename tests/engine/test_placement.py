"""Who gets what: conditions, turns between jobs, networks, second chances, check work."""

import pytest
from tests.engine.world import World, lie, truth

from we1web.domain.requirements import Requirements
from we1web.engine.placement import MAX_CACHED
from we1web.engine.settings import Settings
from we1web.engine.state import Node


def leases(world: World) -> dict[int, int]:
    """Job key -> leases that are out."""
    return {job.key: job.leases for job in world.engine.state.jobs.values()}


def tell(world: World, node: Node) -> None:
    """The node answers all it holds."""
    for bundle_id in list(node.held):
        world.answer(node, bundle_id)


class TestConditions:
    @pytest.mark.parametrize(
        ("wanted", "facts"),
        [
            (Requirements(gpu=True), {"gpu": "a GPU"}),
            (Requirements(cores=8), {"cores": 8}),
            (Requirements(memory_bytes=8 << 30), {"memory_bytes": 8 << 30}),
            (Requirements(countries=frozenset({"DE"})), {"country": "DE"}),
        ],
    )
    def test_only_nodes_that_meet_them_get_leases(self, wanted: Requirements, facts: dict[str, object]) -> None:
        world = World()
        world.node(1)
        job = world.job(5)
        job.requirements = wanted
        assert not world.place()
        fit = world.node(2, **facts)
        assert list(world.place()) == [fit]

    def test_a_price_floor_counts_from_the_first_measurement_on(self) -> None:
        world = World()
        dear = world.node(1, window=1, floor_micros_per_h=1 << 40)
        world.job(5)
        assert list(world.place()) == [dear]
        tell(world, dear)
        assert not world.place()

    def test_ones_own_devices_may_vote_where_the_job_is_meant_for_them(self) -> None:
        world = World()
        own = world.node(1, owner=10_000)
        world.node(2)
        job = world.job(3, policy="trusted")
        job.requirements = Requirements(owners=frozenset({10_000}))
        world.run(lambda node, task: truth(task))
        assert job.verified == 3 and list(world.earned()) == [own.key]


class TestTurns:
    def test_jobs_get_leases_in_proportion_to_their_weight(self) -> None:
        world = World()
        for key in range(1, 41):
            world.node(key, window=2)
        for key, weight in ((1, 3.0), (2, 1.0)):
            world.job(200, key=key).weight = weight
        world.place()
        assert leases(world) == {1: 60, 2: 20}

    def test_over_time_weight_counts_in_work_not_in_leases(self) -> None:
        world = World()
        nodes = [world.node(key, window=2) for key in range(1, 9)]
        jobs = [world.job(400, key=key) for key in (1, 2)]
        jobs[0].task_s, jobs[1].task_s = 0.1, 0.3
        given = {1: 0, 2: 0}
        for _ in range(40):
            for placed in world.place().values():
                for bundle, _ in placed:
                    given[bundle.job.key] += 1
            for node in nodes:
                for bundle_id, hold in list(node.held.items()):
                    run_us = int(world.engine.state.bundles[bundle_id].job.task_s * 1e6)
                    world.now = max(world.now, hold.granted + run_us / 1e6)
                    world.engine.report(node, bundle_id, [truth(bundle_id)], run_us, world.now)
                world.checked(world.engine.reported(node, world.now))
        assert given[1] / given[2] == pytest.approx(3, rel=0.2)

    def test_a_higher_priority_is_served_first_and_what_is_left_goes_to_the_others(self) -> None:
        world = World()
        for key in range(1, 11):
            world.node(key, window=2)
        world.job(100, key=1)
        world.job(12, key=2).priority = 5
        world.place()
        assert leases(world) == {1: 8, 2: 12}

    def test_jobs_that_nobody_can_serve_keep_nobody_waiting(self) -> None:
        world = World()
        for key in range(1, 31):
            job = world.job(2, key=key)
            job.priority, job.requirements = 9, Requirements(gpu=True)
        world.job(3, key=99)
        world.node(1)
        world.place()
        assert leases(world)[99] == 3
        world.node(2, gpu="a GPU", window=200)
        for _ in range(8):
            world.place()
        assert all(count for key, count in leases(world).items() if key != 99), "each had its turn"

    def test_waiting_earns_no_credit(self) -> None:
        world = World()
        nodes = [world.node(key, window=2) for key in range(1, 5)]
        old = world.job(800, key=1)
        given = {1: 0, 2: 0}
        for turn in range(60):
            if turn == 20:
                given[1] = 0
                world.job(800, key=2).task_s = old.task_s
            for placed in world.place().values():
                for bundle, _ in placed:
                    given[bundle.job.key] += 1
            for node in nodes:
                tell(world, node)
        assert abs(given[1] - given[2]) <= 16, "a frame or two for who came last, and not all that it missed"

    def test_a_guess_at_the_run_time_is_corrected_when_it_is_known(self) -> None:
        world = World()
        node = world.node(1, window=4)
        job = world.job(400)
        world.place()
        assert job.served_s == 4
        tell(world, node)
        world.tick(0.1)
        assert job.served_s == pytest.approx(4 * job.task_s)


class TestNetworks:
    def test_the_second_vote_comes_from_another_network_where_there_is_one(self) -> None:
        world = World()
        near = [world.node(key, network="a") for key in (1, 2)]
        far = world.node(3, network="b", window=1)
        world.tick(0.1)
        world.engine.attend(far, False)
        world.job(1)
        (first,) = world.place()
        tell(world, first)
        world.engine.attend(far, True)
        other = near[0] if first is near[1] else near[1]
        assert list(world.place()) == [far] and not other.held

    def test_nobody_waits_long_for_that(self) -> None:
        world = World()
        nodes = [world.node(key, network="a") for key in (1, 2)]
        world.node(3, network="b", window=1)
        world.tick(0.1)
        world.engine.attend(world.engine.state.nodes[3], False)
        world.job(1)
        (first,) = world.place()
        tell(world, first)
        assert not world.place()
        world.tick(Settings().diversity_s + 0.1)
        assert list(world.place()) == [node for node in nodes if node is not first]

    def test_nor_at_all_where_all_are_in_one_network(self) -> None:
        world = World()
        for key in (1, 2, 3):
            world.node(key, network="a")
        world.tick(0.1)
        job = world.job(6)
        world.run(lambda node, task: truth(task))
        assert job.verified == 6


class TestSecondChances:
    def test_whoever_gave_a_bundle_back_gets_it_again_only_when_nobody_else_can(self) -> None:
        world = World(settings=Settings(amnesty_s=1.0))
        bad, good = world.node(1), world.node(2)
        world.engine.attend(good, False)
        world.job(1)
        assert list(world.place()) == [bad]
        good.window = 0  # busy with something else
        world.engine.attend(good, True)
        world.checked(world.engine.give_back(bad, 1 << 20, world.now))
        for _ in range(5):
            world.tick(1.0)
            assert not world.place(), "somebody else is there"
        world.checked(world.engine.leave(good, world.now))
        world.tick(1.0)
        assert list(world.place()) == [bad]

    def test_a_dispute_that_only_unfit_nodes_could_decide_is_decided_as_it_is(self) -> None:
        world = World()
        job = world.job(1)
        job.requirements = Requirements(gpu=True)
        for key in range(1, 5):
            world.node(key, gpu="a GPU")
        world.node(5)
        for _ in range(10):
            world.run(lambda node, task: lie(task, 1) if node.key == 1 else truth(task))
            world.tick(6.0)
        assert job.ended == 1


class TestCheckWork:
    def checked(self, first_proven: bool, proven: bool) -> int:
        """Half of many bundles have a vote; how many of the next node's 20 leases are of those?"""
        world = World()
        first = world.node(1, window=50)
        world.job(100, policy="pair")
        world.place()
        tell(world, first)
        world.engine.attend(first, False)
        first.standings["wasm-1"].proven = first_proven
        node = world.node(2, window=20)
        node.standings["wasm-1"].proven = proven
        (given,) = world.engine.place(world.now).values()
        return sum(bool(bundle.ballots) for bundle, _ in given)

    def test_a_newcomer_checks_what_others_voted_on(self) -> None:
        assert self.checked(first_proven=True, proven=False) >= 18

    def test_a_proven_node_votes_where_none_did(self) -> None:
        assert self.checked(first_proven=True, proven=True) <= 2

    def test_and_makes_votes_of_newcomers_count(self) -> None:
        assert 2 < self.checked(first_proven=False, proven=True) < 18


def test_what_a_node_was_sent_for_it_has_and_the_oldest_is_forgotten() -> None:
    world = World()
    node = world.node(1, cached=[b"%032d" % n for n in range(1_000)])
    job = world.job(1)
    job.inputs = frozenset({b"p" * 32, b"%032d" % 0})
    world.place()
    assert len(node.cached) == MAX_CACHED
    assert b"p" * 32 in node.cached and b"%032d" % 0 in node.cached and b"%032d" % 1 not in node.cached
    assert {b"p" * 32, b"%032d" % 0} == set(list(node.cached)[-2:])


@pytest.mark.parametrize("strategy", ["load_balanced", "capability_matched", "locality_aware", "cost_optimized"])
def test_every_strategy_brings_a_job_to_its_end(strategy: str) -> None:
    world = World()
    for key in range(1, 7):
        world.node(key, cores=1 + key % 3, gpu="a GPU" if key % 2 else "", country="DE" if key % 3 else "")
    job = world.job(40, bundle=3, strategy=strategy)
    job.deadline = 100.0
    for _ in range(20):
        world.run(lambda node, task: truth(task))
        world.tick(1.0)
    assert job.verified == 40 and job.done
