"""The bonus for fast answers: who is in time, what is reserved, what is paid. Nodes may do with their time what they
like; only the clock of the engine counts."""

from collections.abc import Callable
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from we1web.coordinator.market.pending import pending_votes
from we1web.domain.policy import POLICIES
from we1web.domain.strategy import STRATEGIES
from we1web.engine import bonus, leases, placement
from we1web.engine.reactor import Engine
from we1web.engine.settings import Settings
from we1web.engine.state import Job, Node
from we1web.protocol import outcome

from .world import LIMITS, PRICE, RUNTIME, World, lie, truth

BONUS, WITHIN_S = 40, 1.0
Pick = Callable[[list[int]], int]


def offered(
    world: World, tasks: int, *, key: int = 1, bundle: int = 1, policy: str = "classic", votes: int = 25
) -> Job:
    """A job with a bonus, and money for so many votes a task."""
    budget = tasks * votes * (PRICE + BONUS)
    strategy = STRATEGIES["round_robin"]
    job = Job(key, 10_000, RUNTIME, POLICIES[policy], strategy, PRICE, budget, LIMITS)
    job.reward_micros = 90
    bonus.offer(job, BONUS, WITHIN_S, 36)
    world.engine.add_job(job)
    for first in range(0, tasks, bundle):
        ids = range(first, min(tasks, first + bundle))
        world.engine.add_bundle(job, (key << 20) + first, [outcome.inline(b"%d" % i) for i in ids], world.now)
    world.engine.update_job(job, tasks, True)
    return world.checked(job)


def report(world: World, node: Node, *bundles: int, answer: Callable[[int], bytes] = truth) -> list[int]:
    """One frame now; returns the bundles that were in time."""
    for bundle_id in bundles:
        outcomes = [answer(bundle_id + place) for place in range(node.held[bundle_id].tasks)]
        assert world.engine.report(node, bundle_id, outcomes, 1, world.now) == ""
    world.engine.reported(node, world.now)
    return world.checked(world.engine.take_in_time())


def paid(world: World) -> tuple[dict[int, int], dict[int, int]]:
    """By node: paid votes, and those with the bonus."""
    fast: dict[int, int] = {}
    for settled in world.settled:
        assert set(settled.fast) <= set(settled.paid)
        for standing in settled.fast:
            fast[standing.node.key] = fast.get(standing.node.key, 0) + len(settled.places)
    for late in world.surplus:
        if late.fast:
            fast[late.standing.node.key] = fast.get(late.standing.node.key, 0) + len(late.places)
    return world.earned(), fast


def assert_accounts(world: World, job: Job) -> None:
    """What was paid is what was spent, and not more than there was."""
    votes, fast = (sum(count.values()) for count in paid(world))
    assert job.spent_micros == votes * PRICE + fast * BONUS <= job.budget_micros
    assert job.reserved_micros == 0


class TestInTime:
    @settings(max_examples=25, deadline=None)
    @given(st.integers(1, 4), st.integers(1, 12), st.integers(1, 3), st.integers(0, 1 << 30))
    def test_whoever_works_in_order_at_the_pace_is_in_time_whatever_it_prefetched(
        self, cores: int, window: int, bundle: int, seed: int
    ) -> None:
        """As many at a time as it has cores, and what is done between two frames travels in one."""
        random, world = Random(seed), World(seed)
        node = world.node(1, window=max(window, cores), cores=cores)
        offered(world, 60, bundle=bundle)
        queue: list[int] = []
        busy: dict[int, float] = {}
        reported = fast = 0
        while reported < 20 // bundle:
            world.place()
            queue += [id for id in node.held if id not in queue and id not in busy]
            while queue and len(busy) < cores:
                tasks = node.held[queue[0]].tasks
                busy[queue.pop(0)] = world.now + tasks * WITHIN_S * random.uniform(0.05, 1.0)
            if not busy:  # the draw found nothing new for it; it is one of very few
                continue
            world.now = min(busy.values())
            done = [id for id, at in busy.items() if at <= world.now]
            for id in done:
                del busy[id]
            reported += len(done)
            fast += len(report(world, node, *done))
        assert fast == reported

    @settings(max_examples=40, deadline=None)
    @given(
        st.integers(1, 12),
        st.sampled_from([1.01, 1.5, 4.0]),
        st.sampled_from([min, max, lambda ids: ids[len(ids) // 2]]),
        st.integers(1, 6),
        st.booleans(),
        st.booleans(),
    )
    def test_whoever_is_slower_is_never_in_time_whatever_it_holds_back_or_reorders(
        self, window: int, slower: float, pick: Pick, hoard: int, drains: bool, apart: bool
    ) -> None:
        """Reports of `hoard` bundles at a time, in one frame or apart; `drains`: it takes none before all are done."""
        world = World(1)
        node = world.node(1, window=window, cores=1)
        offered(world, 60)
        done: list[int] = []
        fast: list[int] = []
        worked = 0
        while worked < 20:
            world.checked(world.engine.attend(node, not drains or not node.held))
            world.place()
            left = [id for id in node.held if id not in done]
            if left:
                done.append(pick(left))
                world.now += WITHIN_S * slower
                worked += 1
            if len(done) >= hoard or len(left) <= 1:
                frames = [[id] for id in reversed(done)] if apart else [done]
                for frame in frames:
                    fast += report(world, node, *frame)
                done = []
        assert fast == []

    def test_having_been_fast_saves_up_nothing(self) -> None:
        world = World(1)
        node = world.node(1, window=4, cores=1)
        offered(world, 60)
        world.place()
        for _ in range(20):
            world.now += 0.01
            assert report(world, node, min(node.held))
            world.place()
        slowest = len(node.held) * WITHIN_S  # what it holds now, and not what it did before
        world.now += slowest + 0.1
        assert report(world, node, *node.held) == []

    def test_giving_leases_back_buys_no_time_for_the_others(self) -> None:
        world = World(1)
        node = world.node(1, window=2, cores=1)
        offered(world, 10)
        world.place()
        given_back, kept = node.held
        world.checked(world.engine.give_back(node, given_back, world.now))
        world.now += 1.5 * WITHIN_S
        assert report(world, node, kept) == []

    def test_work_of_other_jobs_that_lies_before_is_waited_for(self) -> None:
        world = World(1)
        node = world.node(1, window=2, cores=1)
        other = world.job(1, key=2)
        other.task_s = 5.0
        world.place()
        offered(world, 1)
        world.place()
        ahead, mine = node.held
        world.now += 5.0
        report(world, node, ahead)
        world.now += 0.9
        assert report(world, node, mine) == [mine]

    def test_what_a_node_says_of_its_run_time_is_worth_nothing(self) -> None:
        world = World(1)
        node = world.node(1, window=1, cores=1)
        offered(world, 1)
        world.place()
        (bundle_id,) = node.held
        world.now += 1.1
        world.engine.report(node, bundle_id, [truth(bundle_id)], 1, world.now)
        assert world.engine.take_in_time() == []

    def test_a_lease_that_outlived_the_coordinator_earns_no_bonus(self) -> None:
        """Nobody knows how long the node had it; the price is paid all the same."""
        world = World(1)
        offered(world, 1)
        node = world.node(1)
        world.checked(world.engine.leave(node, world.now))
        world.join(node, resumed=(1 << 20,))
        assert list(node.held) == [1 << 20]
        assert report(world, node, 1 << 20) == []

    def test_a_connection_that_broke_does_not_stop_the_clock(self) -> None:
        world = World(1)
        node = world.node(1, window=1, cores=1)
        offered(world, 2)
        for away_s, expected in ((0.5, 1), (1.1, 0)):
            world.place()
            (bundle_id,) = node.held
            world.checked(world.engine.leave(node, world.now))
            world.now += away_s
            assert world.join(node, window=1, cores=1, resumed=(bundle_id,)) == [bundle_id]
            assert len(report(world, node, bundle_id)) == expected


class TestPay:
    def test_fast_and_slow_nodes_of_one_bundle_are_paid_differently(self) -> None:
        world = World(1)
        job = offered(world, 4, bundle=4)
        assert job.reserved_micros == 0
        for key, took_s in ((1, 4.0), (2, 0.1), (3, 4.1)):
            node = world.node(key, cores=1)
            world.place()
            assert job.reserved_micros == key * 4 * (PRICE + BONUS), "a vote is reserved at the most it may cost"
            world.now += took_s
            report(world, node, *node.held)
        for _ in range(30):
            world.tick(1.0)
        assert paid(world) == ({1: 4, 2: 4, 3: 4}, {1: 4, 2: 4})
        assert_accounts(world, job)

    @settings(max_examples=30, deadline=None)
    @given(
        st.integers(0, 1 << 30), st.sampled_from(["classic", "pair", "adaptive"]), st.integers(1, 6), st.integers(3, 12)
    )
    def test_whatever_happens_paid_is_spent_and_within_the_budget(
        self, seed: int, policy: str, bundle: int, votes: int
    ) -> None:
        """Liars, nodes that vanish and come back, slow and fast ones, budgets that run out."""
        world = World(seed, Settings(slack_s=1.0, reconnect_grace_s=2.0, amnesty_s=1.0))
        random = Random(seed)
        for key in range(1, 9):
            world.node(key, window=random.randint(1, 8), cores=random.randint(1, 4))
        job = offered(world, 24, bundle=bundle, policy=policy, votes=votes)
        for _ in range(300):
            _step(world, random)
        for node in list(world.engine.state.nodes.values()):
            if not node.alive:
                world.join(node)
        for key in range(20, 26):
            world.node(key)
        for _ in range(200):
            if world.finished:
                break
            world.run(lambda node, task: truth(task))
            world.tick(1.0)
        assert world.finished == [job]
        assert_accounts(world, job)

    def test_the_wrong_get_no_bonus_however_fast(self) -> None:
        world = World(1)
        job = offered(world, 1)
        for key in range(1, 5):
            world.node(key)
        world.run(lambda node, task: lie(task, 1) if node.key == 1 else truth(task))
        for _ in range(30):
            world.tick(1.0)
        votes, fast = paid(world)
        assert votes == fast == dict.fromkeys((2, 3, 4), 1)
        assert_accounts(world, job)

    def test_a_right_vote_on_what_is_settled_already_gets_its_bonus_too(self) -> None:
        """It was asked for, and it is not its fault that others were there before."""
        world = World(1)
        job = offered(world, 1, bundle=1)
        bundle = world.engine.state.bundles[1 << 20]
        placement.want(world.engine.state, bundle, 3, world.now)
        nodes = [world.node(key) for key in range(1, 6)]
        world.place()
        holders = [node for node in nodes if node.held]
        assert len(holders) > 3
        for node in holders[:3]:
            report(world, node, 1 << 20)
        for _ in range(5):
            world.tick(0.1)
        for node in holders[3:]:
            report(world, node, 1 << 20)
        for _ in range(30):
            world.tick(1.0)
        votes, fast = paid(world)
        assert votes == fast and len(votes) == len(holders)
        assert_accounts(world, job)

    def test_votes_that_were_in_time_are_pending_with_their_bonus(self) -> None:
        world = World(1)
        job = offered(world, 4, bundle=2)
        node = world.node(1, cores=1, window=2)
        world.place()
        first, second = node.held
        world.now += 1.0
        report(world, node, first)
        world.now += 9.0
        report(world, node, second)
        assert pending_votes(world.engine.state, 1) == {job.key: (4, 2)}

    def test_a_replayed_vote_is_as_fast_as_the_log_says(self) -> None:
        world = World(1)
        job = offered(world, 1)
        for key in (1, 2, 3):
            node = world.engine.know(key, key)
            world.checked(world.engine.replay(node, 1 << 20, [truth(1 << 20)], 50.0, fast=key != 2))
        world.checked(world.engine.replayed(50.0))
        for _ in range(30):
            world.tick(1.0)
        votes, fast = paid(world)
        assert (votes, fast) == ({1: 1, 2: 1, 3: 1}, {1: 1, 3: 1})
        assert_accounts(world, job)

    def test_a_budget_that_covers_the_bonus_is_never_overrun_by_it(self) -> None:
        """Exactly three votes a task at the most they may cost, and every vote is fast."""
        world = World(1)
        for key in (1, 2, 3):
            world.node(key)
        job = offered(world, 10, votes=3)
        world.run(lambda node, task: truth(task))
        for _ in range(30):
            world.tick(1.0)
        assert world.finished == [job] and job.verified == 10
        assert job.spent_micros == job.budget_micros


def _step(world: World, random: Random) -> None:
    """Something happens to somebody."""
    nodes = list(world.engine.state.nodes.values())
    node = random.choice(nodes)
    roll = random.random()
    if roll < 0.1 and node.alive:
        world.checked(world.engine.leave(node, world.now))
    elif roll < 0.3 and not node.alive:
        world.join(node, window=random.randint(1, 8), cores=random.randint(1, 4), resumed=tuple(node.held))
    elif roll < 0.4 and node.held:
        world.checked(world.engine.give_back(node, random.choice(list(node.held)), world.now))
    elif roll < 0.5:
        world.tick(random.uniform(0.1, 3.0))
    elif node.alive and node.held:
        world.now += random.uniform(0.0, 2.0)
        chosen = random.sample(list(node.held), random.randint(1, len(node.held)))
        liar = node.key == 1 or random.random() < 0.05
        report(world, node, *chosen, answer=(lambda task: lie(task, node.key)) if liar else truth)
    else:
        world.place()


def test_a_job_without_a_bonus_keeps_no_times() -> None:
    world = World(1)
    node = world.node(1)
    world.job(20)
    world.place()
    assert node.held and not node.due and not node.lanes
    world.engine.report(node, next(iter(node.held)), [truth(1 << 20)], 1, world.now)
    assert world.engine.take_in_time() == []


def test_a_lost_lease_takes_its_time_along() -> None:
    world = World(1)
    node = world.node(1, window=2)
    offered(world, 4)
    world.place()
    for bundle_id in list(node.held):
        leases.lose(world.engine.state, node, bundle_id, world.now)
        world.checked(None)
    assert not node.due and isinstance(world.engine, Engine)
