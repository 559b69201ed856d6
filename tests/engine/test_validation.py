"""Jobs whose answers may be the same although their bytes are not."""

import msgspec
from tests.engine.test_trust import finish, people, referee
from tests.engine.world import World

from we1web.domain.validator import validator_of
from we1web.engine.state import Node
from we1web.protocol import outcome


def number(x: float) -> bytes:
    return outcome.value(msgspec.msgpack.encode(x))


def test_votes_within_the_tolerance_agree_and_the_median_is_the_result() -> None:
    world = World()
    people(world, 4, proven=4)
    made = world.job(20, bundle=4, closed=False)
    made.validator = validator_of("numeric_tolerance", {"abs": 1e-6, "rel": 0.0})
    world.checked(world.engine.update_job(made, 20, True))
    finish(world, lambda node, task: number(task + node.key * 1e-7))
    assert made.verified == 20
    assert not world.disputes, "different bytes are no dispute"
    for task, encoded in world.outcomes().items():
        value = msgspec.msgpack.decode(outcome.payload(encoded))
        assert 1e-8 < value - task < 5e-7
    assert all(made.executions == 60 for _ in world.outcomes())


def test_who_is_outside_the_tolerance_is_out_voted() -> None:
    world = World()
    people(world, 4, proven=4)
    referee(world)
    made = world.job(20, closed=False)
    made.validator = validator_of("numeric_tolerance", {"abs": 1e-6, "rel": 0.0})
    world.checked(world.engine.update_job(made, 20, True))

    def answers(node: Node, task: int) -> bytes:
        return number(task + (1e-3 if node.key == 1 else node.key % 9 * 1e-8))

    finish(world, answers)
    assert made.verified == 20
    assert 1 not in world.earned()
    assert {dispute.how for dispute in world.disputes} == {"referee"}
    assert all(abs(msgspec.msgpack.decode(outcome.payload(o)) - t) < 1e-6 for t, o in world.outcomes().items())
