"""The market's behaviour in memory; every invariant is derived anew after every fact (world.py)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.world import PRICE, RUNTIME, World, lie, truth

from we1web.domain.reputation import Evidence
from we1web.engine.settings import Settings
from we1web.engine.state import FAILED
from we1web.engine.stragglers import MAX_REST_S
from we1web.protocol import outcome


def test_three_owners_verify_every_task_and_are_paid_alike() -> None:
    world = World()
    for key in range(1, 4):
        world.node(key)
    job = world.job(20, bundle=4)
    world.run(lambda node, task: truth(task))
    assert world.outcomes() == {(1 << 20) + i: truth((1 << 20) + i) for i in range(20)}
    assert world.earned() == {1: 20, 2: 20, 3: 20}
    assert job.spent_micros == 60 * PRICE and job.reserved_micros == 0
    assert world.finished == [job] and job.key not in world.engine.state.jobs


def test_bulk_replicas_go_out_one_after_the_other_and_interactive_ones_together() -> None:
    world = World()
    for key in range(1, 5):
        world.node(key)
    world.job(1, key=1)
    assert sum(len(leases) for leases in world.place().values()) == 1
    world.job(1, key=2, interactive=True)
    assert sum(len(leases) for leases in world.place().values()) == 3


def test_two_nodes_of_one_owner_never_vote_on_one_task_nor_does_the_requester() -> None:
    world = World()
    for key in range(1, 7):
        world.node(key, owner=key % 2)
    world.node(7, owner=10_000)
    world.job(5)
    world.run(lambda node, task: truth(task))
    assert not world.settled
    world.node(8)
    world.run(lambda node, task: truth(task))
    assert len(world.outcomes()) == 5
    assert all(len({s.node.owner for s in settled.paid}) == 3 for settled in world.settled)
    assert 7 not in world.earned()


def test_a_liar_is_outvoted_unpaid_and_expelled_while_the_honest_are_all_paid() -> None:
    world = World()
    for key in range(1, 6):
        world.node(key)
    world.job(120, bundle=3)

    def answers(node, task):
        return lie(task, 5) if node.key == 5 else truth(task)

    for _ in range(200):
        world.run(answers)
        world.tick(3.0)
    assert world.outcomes() == {(1 << 20) + i: truth((1 << 20) + i) for i in range(120)}
    assert 5 not in world.earned()
    assert world.engine.state.nodes[5].standings["wasm-1"].expelled
    assert not any(world.engine.state.nodes[key].standings["wasm-1"].expelled for key in range(1, 5))


def test_disagreement_about_one_task_settles_the_others_of_its_bundle_at_once() -> None:
    world = World()
    nodes = [world.node(key) for key in range(1, 4)]
    world.job(4, bundle=4)
    bundle = 1 << 20
    for node in nodes:
        placed = world.place()
        assert list(placed) == [next(iter(placed))]
        holder = next(iter(placed))
        outcomes = [truth(bundle + i) for i in range(4)]
        if node is nodes[-1]:
            outcomes[1] = lie(bundle + 1, holder.key)
        world.answer(holder, bundle, outcomes)
    assert sorted(world.outcomes()) == [bundle, bundle + 2, bundle + 3]
    late = world.node(4)
    (lease,) = world.place()[late]
    assert lease[1].tasks == 2, "re-run up to the open task only"


def test_work_asked_for_again_in_a_dispute_is_paid_where_it_agrees() -> None:
    world = World()
    for key in range(1, 10):
        world.node(key)
    world.job(2, bundle=2)
    first = {}

    def answers(node, task):
        first.setdefault("liar", node.key)
        return lie(task, node.key) if node.key == first["liar"] and task % 2 else truth(task)

    for _ in range(20):
        world.run(answers)
        world.tick(3.0)
    assert len(world.outcomes()) == 2
    earned = world.earned()
    honest = [key for key in earned if key != first["liar"]]
    assert all(earned[key] == 2 for key in honest), "both tasks were asked for and right"
    assert earned[first["liar"]] == 1, "its right vote on the undisputed task is paid"


def test_agreed_errors_fail_the_task_and_are_paid() -> None:
    world = World()
    for key in range(1, 4):
        world.node(key)
    job = world.job(2)
    failure = outcome.error(outcome.RemoteFailure("ValueError", "no", "Traceback"))
    world.run(lambda node, task: failure)
    assert (job.verified, job.failed) == (0, 2)
    assert world.earned() == {1: 2, 2: 2, 3: 2}


def test_three_owners_without_an_outcome_end_the_task_unpaid() -> None:
    world = World()
    for key in range(1, 6):
        world.node(key)
    job = world.job(2, bundle=2)
    world.run(lambda node, task: outcome.none("time_limit") if task % 2 else truth(task))
    ended = {s.bundle.id + p: (s.state, o) for s in world.settled for p, o in zip(s.places, s.outcomes, strict=True)}
    assert ended[(1 << 20) + 1] == (FAILED, outcome.none("time_limit"))
    assert (job.verified, job.failed) == (1, 1)
    assert job.spent_micros == 3 * PRICE


def test_vanishing_nodes_use_up_no_retry_and_their_leases_go_to_others() -> None:
    world = World(settings=Settings(reconnect_grace_s=5.0))
    for key in range(1, 4):
        world.node(key)
    world.job(3)
    for _ in range(10):
        victim = next(iter(world.place()), None)
        if victim is None:
            world.tick(6.0)
            continue
        world.checked(world.engine.leave(victim, world.now))
        world.tick(6.0)
        world.join(victim)
        world.tick(6.0)
    for _ in range(4):
        world.run(lambda node, task: truth(task))
        world.tick(MAX_REST_S)
    assert len(world.outcomes()) == 3


def test_a_node_that_resumes_keeps_its_leases_and_one_that_does_not_loses_them() -> None:
    world = World()
    node = world.node(1)
    world.job(4)
    placed = [bundle.id for bundle, _ in world.place()[node]]
    kept, lost = placed[:2], placed[2:]
    world.checked(world.engine.leave(node, world.now))
    assert sorted(world.join(node, resumed=tuple(kept))) == sorted(kept)
    assert sorted(node.held) == sorted(kept)
    assert world.answer(node, kept[0]) == ""
    assert [world.answer(node, bundle) for bundle in lost] == ["not_leased"] * len(lost)


def test_leases_granted_by_a_predecessor_are_honoured_and_surplus_votes_are_paid() -> None:
    world = World()
    nodes = [world.node(key) for key in range(1, 5)]
    world.job(1)
    bundle = 1 << 20
    for node in nodes[:2]:
        world.checked(world.engine.leave(node, world.now))
        assert world.join(node, resumed=(bundle,)) == [bundle]
    world.checked(world.engine.leave(nodes[2], world.now))
    assert world.join(nodes[2], resumed=(bundle,)) == [bundle]
    world.checked(world.engine.leave(nodes[3], world.now))
    assert world.join(nodes[3], resumed=(bundle,)) == [bundle]
    for node in nodes:
        assert world.answer(node, bundle) == ""
    assert world.earned() == {1: 1, 2: 1, 3: 1, 4: 1}
    assert len(world.finished) == 1


def test_expired_leases_go_to_others_and_the_late_report_is_refused() -> None:
    world = World(settings=Settings(slack_s=1.0, slowness=1.0))
    slow = world.node(1)
    world.job(1)
    world.place()
    world.node(2)
    world.tick(100.0)
    assert world.answer(slow, 1 << 20) == "not_leased"
    assert world.place(), "asked for again"


@pytest.mark.parametrize("votes", [3.0, 3.4])
def test_a_job_never_costs_more_than_its_budget_and_what_it_cannot_pay_ends(votes: float) -> None:
    world = World(seed=3)
    for key in range(1, 12):
        world.node(key)
    job = world.job(30, budget_votes=votes)

    def answers(node, task):
        return lie(task, node.key) if node.key > 8 else truth(task)

    for _ in range(100):
        world.run(answers)
        world.tick(3.0)
    assert job.ended == 30 and job.done
    assert job.spent_micros <= job.budget_micros and job.reserved_micros == 0
    assert all(o == truth(t) or o == outcome.none("budget_exhausted") for t, o in world.outcomes().items())


def test_when_the_money_is_gone_the_votes_there_are_decide() -> None:
    world = World()
    for key in range(1, 10):
        world.node(key)
    job = world.job(1, budget_votes=4)
    for _ in range(10):
        world.run(lambda node, task: lie(task, node.key) if world.engine.state.served == 2 else truth(task))
        world.tick(3.0)
    assert job.executions == 4 and job.done
    assert world.outcomes() == {1 << 20: truth(1 << 20)}
    assert job.spent_micros == 3 * PRICE


def test_cancelling_a_job_withdraws_its_leases_and_frees_its_money() -> None:
    world = World()
    nodes = [world.node(key) for key in range(1, 4)]
    job = world.job(10)
    world.place()
    world.checked(world.engine.cancel_job(job))
    assert world.finished == [job]
    assert job.reserved_micros == 0
    assert all(not node.held for node in nodes)
    assert {w.code for w in world.engine.take_withdrawn()} == {"job_cancelled"}


def test_what_was_read_of_a_job_before_it_was_cancelled_does_not_open_it_again() -> None:
    world = World()
    job = world.job(10, closed=False)
    world.engine.cancel_job(job)
    world.engine.update_job(job, 10, closed=True)
    assert world.checked(job).done and world.finished == [job]


def test_cancelling_one_task_leaves_its_bundle_running() -> None:
    world = World()
    for key in range(1, 4):
        world.node(key)
    job = world.job(3, bundle=3)
    world.place()
    assert world.checked(world.engine.cancel_task((1 << 20) + 1, world.now))
    assert not world.checked(world.engine.cancel_task((1 << 20) + 1, world.now))
    world.run(lambda node, task: truth(task))
    assert world.outcomes()[(1 << 20) + 1] == outcome.none("cancelled")
    assert job.verified == 2 and job.done


def test_a_task_too_big_for_a_node_waits_for_a_bigger_one() -> None:
    world = World()
    world.node(1, memory_bytes=100)
    world.job(1)
    assert not world.place()
    world.node(2)
    assert world.place()


def test_jobs_take_turns() -> None:
    world = World()
    for key in range(1, 4):
        world.node(key, window=2)
    world.job(50, key=1)
    world.job(50, key=2)
    jobs = [bundle.job.key for leases in world.place().values() for bundle, _ in leases]
    assert {1, 2} == set(jobs)


def test_a_restart_counts_recorded_votes_once_and_goes_on() -> None:
    world = World()
    for key in range(1, 4):
        world.engine.know(key, key)
    world.job(1)
    bundle = 1 << 20
    for key in (1, 2):
        node = world.engine.know(key, key)
        for _ in range(2):
            world.checked(world.engine.replay(node, bundle, [truth(bundle)], world.now))
    world.checked(world.engine.replayed(world.now))
    world.node(1)
    assert not world.place(), "its owner voted before the restart"
    world.node(3)
    world.run(lambda node, task: truth(task))
    assert world.earned() == {1: 1, 2: 1, 3: 1}


def test_only_the_open_part_of_a_bundle_is_judged_and_paid_after_a_restart() -> None:
    world = World()
    job = world.job(0)
    job = world.job(3, bundle=3, key=2)
    bundle = world.engine.state.bundles[2 << 20]
    world.engine.restore_bundle(bundle, {0: truth(2 << 20)})
    job.ended, job.verified = 1, 1
    node = world.engine.know(1, 1)
    world.checked(world.engine.replay(node, bundle.id, [truth(bundle.id + i) for i in range(3)], 0.0))
    world.checked(world.engine.replayed(0.0))
    assert not world.earned()
    for key in (2, 3, 4):
        world.node(key)
    world.run(lambda node, task: truth(task))
    assert world.earned()[1] == 2
    assert job.verified == 3 and job.done


def test_votes_that_a_restart_brings_back_are_all_paid_though_fewer_would_have_been_enough() -> None:
    world = World()
    job = world.job(2, bundle=2)
    for key in range(1, 6):
        node = world.engine.know(key, key)
        outcomes = [truth(1 << 20), lie(1, 5) if key == 5 else truth((1 << 20) + 1)]
        world.checked(world.engine.replay(node, 1 << 20, outcomes, 0.0))
    world.checked(world.engine.replayed(0.0))
    for key in range(6, 14):
        world.node(key)
    world.run(lambda node, task: truth(task))
    earned = world.earned()
    assert (earned[1], earned[2], earned[3], earned[4], earned[5]) == (2, 2, 2, 2, 1)
    assert job.verified == 2 and job.done


def test_votes_that_a_restart_brings_back_decide_when_nobody_is_left_to_ask() -> None:
    world = World()
    job = world.job(1)
    for key in range(1, 7):
        world.checked(
            world.engine.replay(world.engine.know(key, key), 1 << 20, [lie(1, 1) if key == 1 else truth(1 << 20)], 0.0)
        )
    world.checked(world.engine.replayed(0.0))
    for key in range(1, 7):
        world.node(key)
    for _ in range(20):
        world.tick(1.0)
    assert job.verified == 1 and job.done


def test_the_owner_of_an_expelled_node_does_not_vote_again_after_a_restart() -> None:
    world = World()
    world.job(1)
    expelled = world.engine.know(1, 7)
    world.engine.recall(expelled, RUNTIME, Evidence(), True)
    world.checked(world.engine.replay(expelled, 1 << 20, [truth(1 << 20)], 0.0))
    world.checked(world.engine.replayed(0.0))
    world.node(2, owner=7)
    assert not world.place()
    world.node(3)
    assert world.place()


def test_an_expelled_node_loses_its_open_votes() -> None:
    world = World()
    liar = world.engine.know(9, 9)
    world.engine.recall(liar, "wasm-1", Evidence(0, 4, 13.0), False)
    world.join(liar)
    for key in range(1, 5):
        world.node(key)
    world.job(30)

    def answers(node, task):
        return lie(task, 9) if node.key == 9 else truth(task)

    for _ in range(60):
        world.run(answers)
        world.tick(3.0)
    assert liar.standings["wasm-1"].expelled
    assert len(world.outcomes()) == 30 and 9 not in world.earned()


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 1 << 30),
    owners=st.integers(4, 12),
    liars=st.floats(0, 0.25),
    tasks=st.integers(1, 60),
    bundle=st.integers(1, 7),
    lie_rate=st.floats(0.0, 1.0),
)
def test_random_worlds_keep_every_invariant_and_accept_no_lie(seed, owners, liars, tasks, bundle, lie_rate) -> None:
    """Independent liars below a quarter, vanishing nodes, ticks in between: every task ends, right."""
    world = World(seed=seed)
    bad = {key for key in range(1, owners + 1) if key <= int(owners * liars)}
    for key in range(1, owners + 1):
        world.node(key, window=1 + key % 5)
    job = world.job(tasks, bundle=bundle, budget_votes=30)

    def answers(node, task):
        if world.random.random() < 0.01:
            return None
        if node.key in bad and world.random.random() < lie_rate:
            return lie(task, node.key)
        return truth(task)

    for _ in range(300):
        world.run(answers)
        if job.done:
            break
        world.tick(2.5)
        for node in list(world.engine.state.nodes.values()):
            if not node.alive:
                world.join(node)
    assert job.done and job.reserved_micros == 0
    assert all(found == truth(task) for task, found in world.outcomes().items())
    assert len(world.outcomes()) == tasks
    honest_votes = sum(count for key, count in world.earned().items() if key not in bad)
    assert honest_votes >= max(0, 3 - len(bad)) * tasks


def test_the_same_result_inline_and_as_a_blob_agrees() -> None:
    """Where a value is kept is no reason for a dispute, and a bundle of both is judged task by task."""
    world = World()
    for key in range(1, 4):
        world.node(key)
    job = world.job(1)
    value = truth(1 << 20)
    blob = outcome.reference(outcome.digest(value), len(value))
    world.run(lambda node, task: blob if node.key == 2 else value)
    assert job.verified == 1 and len(world.settled[0].paid) == 3


def test_a_lost_connection_costs_timeliness_once_however_many_leases_it_takes_along() -> None:
    world = World(settings=Settings(reconnect_grace_s=1.0))
    node = world.node(1, window=50)
    world.job(60)
    world.place()
    assert len(node.held) == 50
    world.checked(world.engine.leave(node, world.now))
    world.tick(2.0)
    assert node.timely == 0.9 and not node.held
