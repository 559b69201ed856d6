"""Whatever waits says why, by code and in words, from the conditions that placement uses."""

from tests.engine.world import World, truth

from we1web.domain.requirements import VETOES, Requirements
from we1web.domain.task import TaskState
from we1web.engine import explain
from we1web.engine.state import Job, Node

TASK = 1 << 20


def job_code(world: World, job: Job) -> str:
    return explain.job(world.engine.state, job).code


def node_code(world: World, node: Node) -> str:
    return explain.node(world.engine.state, node).code


class TestJobs:
    def test_each_requirement_tells_how_many_nodes_it_excludes(self) -> None:
        world = World()
        job = world.job(5)
        job.requirements = Requirements(memory_bytes=2 << 30, gpu=True, not_countries=frozenset({"FR"}))
        world.node(1)
        world.node(2)
        world.node(3, memory_bytes=4 << 30)
        world.node(4, memory_bytes=4 << 30, gpu="a GPU", country="FR")
        for key in (5, 6, 7):
            world.node(key, memory_bytes=4 << 30, gpu="a GPU", country="DE")
        told = explain.job(world.engine.state, job)
        assert {exclusion.code: exclusion.nodes for exclusion in told.excluded} == {"memory": 2, "gpu": 1, "country": 1}
        assert (told.online, told.remain, told.owners, told.free) == (7, 3, 3, 3)
        assert (told.code, told.start_s) == ("turn", 0.0)
        assert "2 for too little memory" in told.words and "should start now" in told.words

    def test_a_job_says_what_it_waits_for(self) -> None:
        world = World()
        job = world.job(5)
        assert job_code(world, job) == "no_node"
        job.requirements = Requirements(gpu=True)
        plain = world.node(1)
        assert job_code(world, job) == "excluded"
        job.requirements = Requirements()
        world.place()
        assert job_code(world, job) == "" and explain.waiting(world.engine.state, job) == ""
        for bundle_id in list(plain.held):
            world.answer(plain, bundle_id)
        assert job_code(world, job) == "few_owners"
        assert "votes of 3 owners" in explain.waiting(world.engine.state, job)
        for key in (2, 3):
            world.engine.attend(world.node(key), False)
        assert job_code(world, job) == "another_owner"
        world.engine.attend(plain, False)
        assert job_code(world, job) == "busy"
        world.run(lambda node, task: truth(task))
        for node in world.engine.state.nodes.values():
            world.engine.attend(node, True)
        world.run(lambda node, task: truth(task))
        assert job.ended == 5 and explain.waiting(world.engine.state, job) == ""

    def test_busy_nodes_tell_when_they_should_have_room(self) -> None:
        world = World()
        for key in range(1, 4):
            world.node(key, window=2)
        job = world.job(50)
        job.task_s = 10.0
        world.place()
        told = explain.job(world.engine.state, job)
        assert told.code == "busy" and told.start_s is not None and 1 <= told.start_s <= 60
        urgent = world.job(100, key=2)
        urgent.task_s, urgent.priority = 60.0, 1
        later = explain.job(world.engine.state, job).start_s
        assert later is not None and later > told.start_s, "what has priority comes first"

    def test_an_empty_budget_and_an_unclaimed_queue_are_reasons(self) -> None:
        world = World()
        for key in range(1, 5):
            world.node(key, window=2)
        poor = world.job(10, budget_votes=0.5)
        world.place()
        assert explain.job(world.engine.state, poor).code == "budget"
        empty = world.job(0, key=2, closed=False)
        assert job_code(world, empty) == "queued"


class TestTasks:
    def test_votes_leases_and_the_job_are_told(self) -> None:
        world = World()
        state = world.engine.state
        first, _, third = (world.node(key) for key in (1, 2, 3))
        world.job(1)
        assert explain.task(state, TASK).code == "turn"
        (holder,) = world.place()
        told = explain.task(state, TASK)
        assert (told.code, told.state, told.votes, told.needed, told.running) == ("running", TaskState.QUEUED, 0, 3, 1)
        world.answer(holder, TASK)
        told = explain.task(state, TASK)
        assert (told.state, told.votes, told.needed) == (TaskState.VOTING, 1, 3)
        assert told.words.startswith("waiting for a vote of another owner; 1 of at least 3 votes")
        world.engine.attend(first, False)
        world.engine.attend(third, False)
        assert explain.task(state, TASK).job is not None

    def test_a_late_one_says_so_and_an_ended_one_too(self) -> None:
        world = World()
        state = world.engine.state
        for key in (1, 2, 3, 4):
            world.node(key)
        job = world.job(1)
        job.task_s, job.wall_s = 1.0, 60.0
        world.place()
        world.tick(3.0)
        world.place()
        told = explain.task(state, TASK)
        assert (told.code, told.running, told.late) == ("running", 2, 1) and "1 of them late" in told.words
        world.run(lambda node, task: truth(task))
        ended = explain.task(state, TASK)
        assert (ended.code, ended.state, ended.job) == ("ended", None, None) and ended.words


class TestNodes:
    def test_what_keeps_a_node_idle(self) -> None:
        world = World()
        node = world.node(1, window=2)
        assert node_code(world, node) == "no_job"
        job = world.job(9)
        assert node_code(world, node) == "turn"
        world.place()
        assert node_code(world, node) == "full"
        world.answer(node, next(iter(node.held)))
        assert node_code(world, node) == "working"
        world.engine.attend(node, False)
        assert node_code(world, node) == "not_accepting"
        world.engine.activate(node, False)
        assert node_code(world, node) == "paused"
        world.engine.leave(node, world.now)
        assert node_code(world, node) == "offline"
        assert job.leases == 1

    def test_each_open_job_says_why_not(self) -> None:
        world = World()
        node = world.node(1, window=50)
        world.job(2, key=1)
        world.run(lambda node, task: truth(task))
        world.job(2, key=2).requirements = Requirements(gpu=True)
        world.job(2, key=3, requester=1)
        told = explain.node(world.engine.state, node)
        assert told.code == "jobs" and dict(told.jobs) == {1: "seen", 2: "gpu", 3: "own_job"}
        assert f"1 job: {VETOES['gpu']}" in told.words and "holds 0 of 50 leases" in told.words

    def test_a_silent_an_expelled_and_a_judging_node(self) -> None:
        world = World()
        node, judge = world.node(1), world.node(2, referee="*")
        world.job(1).task_s = 1.0
        world.place()
        world.tick(9.0)
        assert node_code(world, node) == "silent" and node_code(world, judge) == "referee"
        node.standings["wasm-1"].expelled = True
        assert node_code(world, node) == "expelled"


def test_every_code_has_words() -> None:
    assert set(explain.JOB_REASONS) <= set(explain.TASK_REASONS) and set(VETOES) <= set(explain.FOR_NODE)
    assert all(explain.TASK_REASONS.values()) and all(explain.NODE_REASONS.values())
