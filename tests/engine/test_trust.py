"""Referees, audits, holds, recalls and baits: what the engine does beside counting votes."""

import pytest
from tests.engine.world import PRICE, RUNTIME, World, lie, truth

from we1web.domain.policy import POLICIES, policy_of
from we1web.domain.reputation import Evidence, failed
from we1web.engine import voting
from we1web.engine.state import Ballot, Job, Node
from we1web.protocol import outcome
from we1web.protocol.messages import Register

WELL_KNOWN = Evidence(1_000.0, 0.0, 0.0)


def people(world: World, count: int, proven: int = 0) -> list[Node]:
    """Nodes of distinct owners, the first ones with a long record."""
    nodes = []
    for key in range(1, count + 1):
        node = world.engine.know(key, key)
        if key <= proven:
            world.engine.recall(node, RUNTIME, WELL_KNOWN, False)
        nodes.append(world.node(key))
    return nodes


def referee(world: World, key: int = 900, scope: str = "*") -> Node:
    node = world.engine.know(key, key)
    world.checked(
        world.engine.join(
            node, Register("", "judge", 4, 1 << 30, [RUNTIME], 1.0, 8, referee=scope), True, (), world.now
        )
    )
    return node


def job(world: World, tasks: int, policy: str, **more) -> Job:
    return world.job(tasks, policy=policy, **more)


def honest(node: Node, task_id: int) -> bytes:
    return truth(task_id)


def finish(world: World, answers=honest) -> None:
    """Runs and ticks until nothing is left."""
    world.run(answers)
    for _ in range(100):
        if world.finished:
            return
        world.tick(1.0)
        world.run(answers)
    raise AssertionError("the job does not end")


def test_a_dispute_is_decided_by_the_referee_and_recorded() -> None:
    world = World()
    people(world, 4, proven=4)
    referee(world)
    made = job(world, 40, "classic")
    finish(world, lambda node, task: lie(task, 1) if node.key == 1 else truth(task))
    assert world.outcomes() == {task: truth(task) for task in world.outcomes()}
    assert len(world.outcomes()) == 40
    disputes = world.disputes
    assert disputes and {dispute.how for dispute in disputes} == {"referee"}
    for dispute in disputes:
        assert dispute.accepted == dispute.truth == outcome.digest(truth(dispute.bundle.id + dispute.place))
        assert {standing.node.key for standing, _, _, paid in dispute.votes if not paid} == {1}
        assert dispute.opened_at <= dispute.resolved_at
    assert 1 not in world.earned() and 900 not in world.earned()
    assert made.referee_runs >= len(disputes)


def test_the_referee_is_never_paid_and_never_votes() -> None:
    world = World()
    people(world, 3, proven=3)
    referee(world)
    made = job(world, 200, "classic")
    finish(world)
    assert 900 not in world.earned()
    assert made.referee_runs > 0, "some agreements are audited"
    assert made.executions == 600
    assert made.spent_micros == 600 * PRICE


def test_a_referee_that_vanishes_leaves_the_dispute_to_the_panel() -> None:
    world = World()
    people(world, 12, proven=12)
    judge = referee(world)
    job(world, 5, "classic")
    world.run(lambda node, task: lie(task, 1) if node.key == 1 else None if node is judge else truth(task))
    assert not judge.alive
    finish(world, lambda node, task: lie(task, 1) if node.key == 1 else truth(task))
    assert world.outcomes() == {task: truth(task) for task in world.outcomes()}
    assert {dispute.how for dispute in world.disputes} <= {"panel", "exhausted"}


def test_results_on_one_vote_are_final_when_the_job_ends() -> None:
    world = World()
    people(world, 3, proven=3)
    made = job(world, 100, "adaptive")
    finish(world)
    assert made.verified == 100
    assert made.executions < 130
    assert 0 < made.singles <= 100
    assert made.error_sum == pytest.approx(made.singles * world.engine.state.nodes[1].standings[RUNTIME].delta, rel=0.5)


def test_a_held_result_is_final_after_its_time_though_the_job_goes_on() -> None:
    world = World()
    people(world, 3, proven=3)
    made = job(world, 50, "adaptive", closed=False)
    made.hold_s = 5.0
    world.run(honest)
    assert made.ended < 50 and made.held_tasks > 0
    world.tick(1.0)
    assert made.ended < 50
    for _ in range(8):
        world.tick(1.0)
        world.run(honest)
    assert made.ended == 50 and not made.held


def test_a_liar_found_out_takes_its_held_results_with_it() -> None:
    world = World()
    people(world, 6, proven=6)
    referee(world)
    made = job(world, 300, "adaptive")
    lies: set[int] = set()

    def sleeper(node: Node, task: int) -> bytes:
        if node.key == 1:
            lies.add(task)
            return lie(task, 1)
        return truth(task)

    finish(world, sleeper)
    assert lies, "the sleeper lied"
    assert made.verified == 300
    assert world.outcomes() == {task: truth(task) for task in world.outcomes()}
    assert 1 not in world.earned()


@pytest.mark.parametrize("policy", ["classic", "pair", "adaptive"])
def test_a_clique_that_leaves_out_one_task_of_a_bundle_is_audited_in_the_others(policy: str) -> None:
    world = World()
    people(world, 3)
    referee(world)
    made = world.job(20, bundle=4, policy=policy)
    for _ in range(20):
        world.run(lambda node, task: clever(node, task) if node.key <= 3 else truth(task))
        world.tick(1.0)
    assert made.referee_runs > 0
    results = {task: found for task, found in world.outcomes().items() if found != outcome.none("time_limit")}
    assert results and results == {task: truth(task) for task in results}
    assert not world.earned()


def clever(node: Node, task: int) -> bytes:
    """Lies like its friends, and lets the first task of each bundle run into a limit, so that bundles differ."""
    return outcome.none("time_limit") if task % 4 == 0 else lie(task, 0)


def test_a_clique_whose_lie_is_proved_is_expelled_at_once_and_honest_nodes_are_not() -> None:
    world = World()
    people(world, 10)
    referee(world)
    job(world, 400, "pair")
    finish(world, lambda node, task: lie(task, 0) if node.key <= 3 else truth(task))
    expelled = {node.key for node in world.engine.state.nodes.values() for s in node.standings.values() if s.expelled}
    assert expelled == {1, 2, 3}
    assert world.outcomes() == {task: truth(task) for task in world.outcomes()}


def test_the_same_fault_of_the_same_machine_type_is_no_conspiracy() -> None:
    world = World()
    people(world, 10, proven=10)
    referee(world)
    for key in (1, 2, 3):
        world.engine.state.nodes[key].build = "linux-x86_64 Faulty 3000"
    job(world, 200, "classic")
    finish(world, lambda node, task: lie(task, 0) if node.key <= 3 and task % 50 == 0 else truth(task))
    assert not any(s.expelled for node in world.engine.state.nodes.values() for s in node.standings.values())
    assert world.outcomes() == {task: truth(task) for task in world.outcomes()}


def test_a_bait_shows_who_repeats_a_lie_and_pays_who_does_not() -> None:
    world = World()
    people(world, 12, proven=12)
    referee(world)
    made = job(world, 60, "classic")
    finish(world, lambda node, task: lie(task, 0) if node.key <= 2 else truth(task))
    expelled = {node.key for node in world.engine.state.nodes.values() for s in node.standings.values() if s.expelled}
    assert expelled == {1, 2}
    assert made.spent_micros == sum(world.earned().values()) * PRICE
    assert made.spent_micros <= made.budget_micros


def test_checked_results_are_verified_one_by_one() -> None:
    world = World()
    people(world, 4)
    judge = referee(world)
    made = job(world, 60, "checked")

    def answers(node: Node, task: int) -> bytes:
        if node is not judge:
            return lie(task, node.key) if node.key == 1 else truth(task)
        bundle = world.engine.state.bundles[task]
        told = bundle.ballots[-1].outcomes[0]
        return told if told == truth(task) else outcome.none("refuted")

    finish(world, answers)
    assert world.outcomes() == {task: truth(task) for task in world.outcomes()}
    assert made.verified == 60
    assert made.executions < 100
    assert 1 not in world.earned()


def test_without_a_referee_checked_results_wait_for_one() -> None:
    world = World()
    people(world, 3)
    made = job(world, 4, "checked")
    for _ in range(5):
        world.run(honest)
        world.tick(5.0)
    assert made.ended == 0
    referee(world)
    finish(world)
    assert made.verified == 4


def test_an_answer_that_comes_while_another_is_verified_is_not_refuted_with_it() -> None:
    world = World()
    people(world, 2)
    judge = referee(world)
    made = job(world, 1, "checked")
    liar, honest_one = world.engine.state.nodes[1], world.engine.state.nodes[2]
    world.engine.attend(honest_one, False)
    world.place()
    world.answer(liar, 1 << 20, [lie(1 << 20, 1)])
    bundle = world.engine.state.bundles[1 << 20]
    world.place()
    assert judge.held
    ballot = Ballot(honest_one.standings[RUNTIME], [truth(1 << 20)], True)
    bundle.owners[honest_one.owner] = honest_one.key
    made.reserved_micros += PRICE
    world.checked(voting.count(world.engine.state, bundle, ballot, world.now))
    world.answer(judge, 1 << 20, [outcome.none("refuted")])
    world.place()
    world.answer(judge, 1 << 20, [truth(1 << 20)])
    assert made.verified == 1
    assert world.earned() == {honest_one.key: 1}


def test_a_verifier_that_fails_ends_the_task_instead_of_asking_for_ever() -> None:
    world = World()
    people(world, 3)
    judge = referee(world)
    made = job(world, 3, "checked")
    finish(world, lambda node, task: outcome.none("time_limit") if node is judge else truth(task))
    assert made.failed == 3


def test_the_requesters_own_referee_chooses_among_answers_and_moves_no_reputation() -> None:
    world = World()
    nodes = people(world, 8, proven=8)
    made = job(world, 30, "classic")
    made.id = "job-1"
    judge = referee(world, scope="job-1")
    evidence = {node.key: node.standings[RUNTIME].evidence for node in nodes}
    invented = outcome.value(b"what nobody said")
    finish(world, lambda node, task: invented if node is judge else lie(task, 1) if node.key == 1 else truth(task))
    assert world.outcomes() == {task: truth(task) for task in world.outcomes()}
    assert "referee" not in {dispute.how for dispute in world.disputes}
    assert all(node.standings[RUNTIME].evidence.failures >= evidence[node.key].failures for node in nodes)


def test_cancelling_one_task_of_a_held_bundle_ends_the_others_too() -> None:
    world = World()
    people(world, 4, proven=4)
    made = job(world, 9, "adaptive", bundle=3, closed=False)
    world.run(honest)
    held = next(iter(made.held.values()))
    assert world.checked(world.engine.cancel_task(held.id + 1, world.now))
    world.checked(world.engine.update_job(made, 9, True))
    finish(world)
    assert (made.ended, made.verified, made.failed) == (9, 8, 1)


def test_cancelling_a_job_frees_its_appeals_and_what_it_holds() -> None:
    world = World()
    people(world, 6, proven=6)
    referee(world)
    made = job(world, 40, "adaptive", closed=False)
    for _ in range(30):
        world.place()
        for node in list(world.engine.state.nodes.values()):
            for bundle_id in list(node.held)[:1]:
                if not node.referee:
                    world.answer(node, bundle_id, [lie(bundle_id, 1) if node.key == 1 else truth(bundle_id)])
    assert made.held or made.appeals
    world.checked(world.engine.cancel_job(made))
    assert not (made.held or made.appeals or world.engine.state.holding or world.engine.state.appealing)
    assert made.reserved_micros == 0


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(6))
def test_every_invariant_holds_in_a_hostile_world(policy: str, seed: int) -> None:
    world = World(seed)
    owner = 3 if policy == "trusted" else 10_000
    people(world, 9, proven=seed)
    referee(world, 900)
    made = job(world, 60, policy, bundle=1 + seed % 3, requester=owner, budget_votes=60)
    chance = world.random

    def answers(node: Node, task: int) -> bytes | None:
        if chance.random() < 0.02:
            return None
        if chance.random() < 0.02:
            return outcome.none("memory_limit")
        return lie(task, 0) if node.key <= 2 and chance.random() < 0.3 else truth(task)

    for _ in range(400):
        world.run(answers)
        world.tick(1.0)
        for node in world.engine.state.nodes.values():
            if not node.alive and chance.random() < 0.5:
                if node.referee:
                    referee(world, node.key)
                else:
                    world.join(node)
        if world.finished:
            break
    assert made.ended == 60
    assert made.reserved_micros == 0
    assert made.spent_micros == sum(world.earned().values()) * PRICE


def test_who_is_contradicted_by_a_requesters_referee_loses_pay_and_nothing_else() -> None:
    world = World()
    nodes = people(world, 3, proven=3)
    made = job(world, 30, "classic")
    made.id = "job-1"
    referee(world, scope="job-1")
    before = [node.standings[RUNTIME].evidence for node in nodes]
    finish(world, lambda node, task: lie(task, 1) if node.key == 1 else truth(task))
    assert {dispute.how for dispute in world.disputes} == {"referee"}
    assert world.outcomes() == {task: truth(task) for task in world.outcomes()}
    assert 1 not in world.earned()
    assert all(node.standings[RUNTIME].evidence.failures == 0 for node in nodes)
    assert nodes[0].standings[RUNTIME].evidence.passes <= before[0].passes


def test_a_referee_that_cannot_run_a_task_is_not_asked_for_ever() -> None:
    world = World()
    people(world, 12, proven=12)
    judge = referee(world)
    made = job(world, 1, "classic")

    def answers(node: Node, task: int) -> bytes:
        return lie(task, 1) if len(world.engine.state.bundles[task].ballots) == 1 else truth(task)

    returned = 0
    for _ in range(60):
        world.place()
        for node in list(world.engine.state.nodes.values()):
            for bundle_id in list(node.held):
                if node is judge:
                    world.checked(world.engine.give_back(judge, bundle_id, world.now))
                    returned += 1
                    assert judge not in world.place(), "it rests"
                else:
                    world.answer(node, bundle_id, [answers(node, bundle_id)])
        world.tick(2.0)
    assert returned == 3
    assert made.verified == 1
    assert {dispute.how for dispute in world.disputes} == {"panel"}


def test_an_interactive_job_of_too_few_owners_is_decided_when_a_judge_comes() -> None:
    world = World()
    people(world, 2)
    made = world.job(10, interactive=True)
    made.id = "job-1"

    def answers(node: Node, task: int) -> bytes:
        return lie(task, 1) if node.key == 1 else truth(task)

    world.run(answers)
    world.tick(20.0)
    assert made.ended == 0
    referee(world, scope="job-1")
    finish(world, answers)
    assert made.verified == 10


def test_a_voter_that_comes_back_as_a_judge_gives_its_leases_to_others() -> None:
    world = World()
    nodes = people(world, 4, proven=4)
    made = job(world, 30, "classic")
    made.id = "job-1"
    world.place()
    assert nodes[0].held
    world.checked(world.engine.leave(nodes[0], world.now))
    referee(world, nodes[0].key, scope="job-1")
    assert not nodes[0].held
    finish(world)
    assert made.verified == 30
    assert nodes[0].key not in world.earned()


def test_a_contested_bundle_is_run_by_the_operators_referee_alone() -> None:
    world = World()
    people(world, 3, proven=3)
    made = job(world, 2, "classic")
    made.id = "job-1"
    finish(world)
    assert world.checked(world.engine.hear(made, 1 << 20, [outcome.inline(b"0")]))
    assert not world.engine.hear(made, 1 << 20, [outcome.inline(b"0")]), "it is heard already"
    own = referee(world, 901, scope="job-1")
    world.place()
    assert not own.held, "the requester is a party to it"
    judge = referee(world)
    world.place()
    world.checked(world.engine.leave(judge, world.now))
    world.tick(20.0)
    judge = referee(world, 902)
    world.place()
    world.answer(judge, 1 << 20, [truth(1 << 20)])
    (heard,) = world.engine.take_hearings()
    assert (heard.bundle.id, heard.outcomes) == (1 << 20, [truth(1 << 20)])
    assert not world.engine.state.bundles and not made.appeals


def test_who_was_wronged_is_absolved() -> None:
    world = World()
    (node,) = people(world, 1, proven=1)
    standing = node.standings[RUNTIME]
    before = standing.evidence
    standing.rate(failed(before))
    world.engine.absolve(standing)
    assert standing.evidence.failures == before.failures
    assert standing.evidence.passes >= before.passes
    assert standing in world.engine.take_changed()


def test_a_job_may_state_its_error() -> None:
    assert policy_of("adaptive", 1e-5) is not POLICIES["adaptive"]
