"""The node's side, rule by rule: what happens to it, and what follows."""

from typing import TypeVar

import pytest

from we1web.protocol.codec import decode_client, encode
from we1web.protocol.effects import Effect, End, Ended, Extended, Hangup, Judged, Leased, Problem, Ready, Send
from we1web.protocol.errors import ProtocolError
from we1web.protocol.limits import INLINE_BYTES, MAX_REPORTS_PER_FRAME
from we1web.protocol.messages import (
    Assigned,
    Cancel,
    ClientMessage,
    Complete,
    Completed,
    Drain,
    ErrorMessage,
    Failed,
    Heartbeat,
    Held,
    Hello,
    JobInfo,
    JobProgress,
    Lease,
    Limits,
    PaymentProcessed,
    Refusal,
    Register,
    Registered,
    ServerMessage,
    Welcome,
)
from we1web.protocol.session import NodeSession, NodeState

E = TypeVar("E", bound=Effect)
JOB = JobInfo(1, "echo-1", bytes(32), "", Limits(1_000, 1, 1, 0))
OFFER = Register("", "n", 2, 1, ["echo-1"], 1.0, 8)
RESULT = bytes(9)
GRANT = b"grant"


def lease(bundle: int, tasks: int = 1, job: int = 1) -> Lease:
    return Lease(bundle, job, [b"\x04"] * tasks, 30_000)


def sent(effects: list[Effect]) -> list[ClientMessage]:
    return [decode_client(effect.frame) for effect in effects if isinstance(effect, Send)]


def only(kind: type[E], effects: list[Effect]) -> list[E]:
    return [effect for effect in effects if isinstance(effect, kind)]


def hear(node: NodeSession, message: ServerMessage, now: float = 0.0) -> list[Effect]:
    return node.received(encode(message), now)


def connect(node: NodeSession, now: float = 0.0, honoured: list[int] | None = None) -> list[Effect]:
    """Through the handshake; the effects of the registration's answer."""
    node.connected(now)
    hear(node, Welcome(1, 10.0, ""), now)
    return hear(node, Registered("node-1", "n", "active", honoured or []), now)


def working(*bundles: int) -> NodeSession:
    """A registered node that holds these bundles under one grant."""
    node = NodeSession("token", OFFER, software="test")
    connect(node)
    if bundles:
        hear(node, Assigned(0, [lease(bundle) for bundle in bundles], [JOB], GRANT))
    return node


def report(node: NodeSession, *bundles: int) -> list[ClientMessage]:
    for bundle in bundles:
        node.finished(bundle, [RESULT], 5)
    return sent(node.flush())


@pytest.mark.rule("R5", "R7", "R11", "R13")
def test_the_handshake() -> None:
    node = NodeSession("token", OFFER, software="test")
    assert sent(node.connected(0.0)) == [Hello([1], "token", "test")]
    assert sent(hear(node, Welcome(1, 10.0, ""))) == [OFFER]
    effects = hear(node, Registered("node-1", "attic", "active", []))
    assert effects[0] == Ready("node-1", "attic", "active")
    assert sent(effects) == [Heartbeat(0, 0, 0.0)]
    node.disconnected()
    node.connected(1.0)
    (again,) = sent(hear(node, Welcome(1, 10.0, ""), 1.0))
    assert isinstance(again, Register)
    assert again.node == "node-1"


@pytest.mark.rule("R5")
def test_another_version_is_not_spoken() -> None:
    node = NodeSession("token", OFFER)
    node.connected(0.0)
    effects = hear(node, Welcome(2, 10.0, ""))
    assert [problem.code for problem in only(Problem, effects)] == ["version_unsupported"]
    assert only(Hangup, effects)


@pytest.mark.rule("R8")
@pytest.mark.parametrize("message", [Welcome(1, 1.0, ""), JobProgress("j", "open", 1, 0, 0, 0, 0)])
def test_a_coordinator_out_of_order_is_left(message: ServerMessage) -> None:
    effects = hear(working(), message)
    assert [problem.code for problem in only(Problem, effects)] == ["out_of_order"]
    assert [hangup.close_code for hangup in only(Hangup, effects)] == [1008]


@pytest.mark.rule("R41")
def test_news_of_a_payout_ask_for_nothing() -> None:
    node = working(1)
    assert hear(node, PaymentProcessed("p", "paid", "eur", 10, 9)) == []
    assert node.held == 1 and node.state is NodeState.WORKING


@pytest.mark.rule("R4", "R8")
def test_a_coordinator_that_cannot_be_understood_is_left_and_nothing_more_is_heard() -> None:
    node = working(1)
    assert [hangup.close_code for hangup in only(Hangup, node.received(b"\xc1", 0.0))] == [1007]
    assert hear(node, Cancel([1], "x")) == []
    assert node.held == 1


@pytest.mark.rule("R9")
def test_a_silent_coordinator_is_left_during_the_handshake() -> None:
    node = NodeSession("token", OFFER)
    node.connected(0.0)
    assert node.tick(9.9) == []
    assert [problem.code for problem in only(Problem, node.tick(10.0))] == ["handshake_timeout"]


@pytest.mark.rule("R12")
def test_a_changed_status_is_told_and_touches_no_lease() -> None:
    node = working(1)
    report(node, 1)
    assert hear(node, Registered("node-1", "n", "paused", [])) == [Ready("node-1", "n", "paused")]
    assert node.held == 1


@pytest.mark.rule("R13")
def test_heartbeats_come_when_due_and_when_acceptance_changes() -> None:
    node = working()
    assert node.tick(9.9) == []
    assert sent(node.tick(10.0)) == [Heartbeat(0, 0, 0.0)]
    assert node.set_status(Heartbeat(2, 1, 1.0), 11.0) == []
    paused = Heartbeat(2, 1, 1.0, False, "user_present")
    assert sent(node.set_status(paused, 12.0)) == [paused]
    assert node.tick(21.9) == []
    assert sent(node.tick(22.0)) == [paused]


@pytest.mark.rule("R14")
def test_leases_come_with_their_job_which_is_told_once() -> None:
    node = working()
    first = hear(node, Assigned(0, [lease(1)], [JOB], GRANT), 5.0)
    second = hear(node, Assigned(0, [lease(2)], [], GRANT), 6.0)
    assert first == [Leased(lease(1), JOB, 35.0)]
    assert second == [Leased(lease(2), JOB, 36.0)]


@pytest.mark.rule("R14")
def test_a_lease_of_an_unknown_job_is_a_broken_rule() -> None:
    effects = hear(working(), Assigned(0, [lease(1, job=2)], [JOB], GRANT))
    assert [problem.code for problem in only(Problem, effects)] == ["unknown_job"]


@pytest.mark.rule("R14")
def test_jobs_are_told_again_on_the_next_connection() -> None:
    node = working(1)
    node.disconnected()
    connect(node, honoured=[1])
    effects = hear(node, Assigned(0, [lease(2)], [], GRANT))
    assert [problem.code for problem in only(Problem, effects)] == ["unknown_job"]


@pytest.mark.rule("R15", "R16")
def test_cancelled_bundles_end_whatever_became_of_them() -> None:
    node = working(1, 2, 3)
    report(node, 1)
    node.finished(2, [RESULT], 5)
    ended = hear(node, Cancel([1, 2, 3, 4], "job_cancelled"))
    assert ended == [Ended(bundle, End.CANCELLED, "job_cancelled") for bundle in (1, 2, 3)]
    assert node.flush() == []
    assert hear(node, Assigned(1)) == []


@pytest.mark.rule("R17")
def test_leases_expire_unless_their_result_is_on_its_way() -> None:
    node = working(1, 2, 3)
    report(node, 1)
    node.finished(2, [RESULT], 5)
    assert only(Ended, node.tick(29.9)) == []
    assert only(Ended, node.tick(30.0)) == [Ended(3, End.EXPIRED)]


@pytest.mark.rule("R18")
def test_bundles_given_back_are_told_and_over() -> None:
    node = working(1, 2)
    effects = node.give_back([1, 7], "runtime_broken", "detail")
    assert sent(effects) == [Failed([1], "runtime_broken", "detail")]
    assert only(Ended, effects) == [Ended(1, End.RETURNED, "runtime_broken")]
    report(node, 2)
    assert node.give_back([2], "too_late") == []


@pytest.mark.rule("R18", "R28")
def test_bundles_given_back_offline_are_simply_not_resumed() -> None:
    node = working(1, 2)
    node.disconnected()
    assert node.give_back([1], "runtime_broken") == [Ended(1, End.RETURNED, "runtime_broken")]
    node.connected(1.0)
    (register,) = sent(hear(node, Welcome(1, 10.0, "")))
    assert isinstance(register, Register)
    assert register.resume == [Held(GRANT, [1, 2], [2])]


@pytest.mark.rule("R19")
def test_a_bundle_held_already_is_not_run_twice() -> None:
    node = working(1)
    assert only(Leased, hear(node, Assigned(0, [lease(1), lease(2)], [], b"other"))) == [Leased(lease(2), JOB, 30.0)]


@pytest.mark.rule("R20")
def test_results_share_frames_and_numbers_grow() -> None:
    node = working(1, 2, 3)
    first = report(node, 1, 2)
    second = report(node, 3)
    assert [len(frame.reports) for frame in (*first, *second) if isinstance(frame, Complete)] == [2, 1]
    assert [frame.seq for frame in (*first, *second) if isinstance(frame, Complete)] == [1, 2]


@pytest.mark.rule("R3", "R20", "R23")
def test_results_are_split_where_a_frame_is_full() -> None:
    bundles = list(range(MAX_REPORTS_PER_FRAME + 1))
    assert len(report(working(*bundles), *bundles)) == 2
    node = NodeSession("token", OFFER)
    connect(node)
    hear(node, Assigned(0, [lease(bundle, tasks=40) for bundle in range(3)], [JOB], GRANT))
    for bundle in range(3):
        node.finished(bundle, [bytes(INLINE_BYTES)] * 40, 5)
    assert len(sent(node.flush())) == 3


@pytest.mark.rule("R20", "R23")
@pytest.mark.parametrize(
    "outcomes", [[RESULT], [bytes(INLINE_BYTES + 65)] * 80, [bytes(INLINE_BYTES)] * 80], ids=["few", "large", "much"]
)
def test_a_report_that_would_be_refused_is_not_sent(outcomes: list[bytes]) -> None:
    node = NodeSession("token", OFFER)
    connect(node)
    hear(node, Assigned(0, [lease(1, tasks=80)], [JOB], GRANT))
    with pytest.raises(ProtocolError):
        node.finished(1, outcomes, 5)
    assert node.flush() == []


@pytest.mark.rule("R21", "R22", "R24")
def test_acknowledgements_are_cumulative_and_list_refusals() -> None:
    node = working(1, 2, 3)
    report(node, 1)
    report(node, 2)
    report(node, 3)
    ended = hear(node, Assigned(2, refused=[Refusal(2, "not_leased")]))
    assert ended == [Ended(2, End.REFUSED, "not_leased"), Ended(1, End.ACKNOWLEDGED)]
    assert node.held == 1


@pytest.mark.rule("R21")
def test_what_was_not_sent_cannot_be_acknowledged() -> None:
    node = working(1)
    report(node, 1)
    effects = hear(node, Assigned(2))
    assert [problem.code for problem in only(Problem, effects)] == ["bad_sequence"]


@pytest.mark.rule("R24")
def test_results_for_nothing_held_are_not_sent() -> None:
    node = working(1)
    hear(node, Cancel([1], "x"))
    assert report(node, 1, 5) == []


@pytest.mark.rule("R24")
def test_a_bundle_is_reported_once() -> None:
    node = working(1)
    report(node, 1)
    assert report(node, 1) == []


@pytest.mark.rule("R25", "R26", "R27")
def test_after_a_break_everything_goes_on_where_it_was() -> None:
    node = working(1, 2, 3, 4, 5)
    (first,) = report(node, 1, 2)
    node.finished(3, [RESULT], 5)
    node.disconnected()
    node.finished(4, [RESULT], 5)
    node.connected(20.0)
    (register,) = sent(hear(node, Welcome(1, 10.0, ""), 20.0))
    assert isinstance(register, Register)
    assert register.resume == [Held(GRANT, [1, 2, 3, 4, 5], [1, 2, 3, 4, 5])]
    effects = hear(node, Registered("node-1", "n", "active", [2, 4, 5]), 20.0)
    assert only(Ended, effects) == [Ended(1, End.DROPPED), Ended(3, End.DROPPED)]
    assert only(Extended, effects) == [Extended(bundle, 50.0) for bundle in (2, 4, 5)]
    assert isinstance(first, Complete)
    again, after = [message for message in sent(effects) if isinstance(message, Complete)]
    assert (again.seq, again.reports) == (first.seq, first.reports[1:])
    assert (after.seq, [one.bundle for one in after.reports]) == (2, [4])


@pytest.mark.rule("R25")
def test_a_grant_is_kept_while_one_of_its_bundles_is_held() -> None:
    node = working(1, 2)
    hear(node, Assigned(0, [lease(3)], [], b"second"))
    hear(node, Cancel([3], "x"))
    report(node, 1)
    hear(node, Assigned(1))
    node.disconnected()
    node.connected(0.0)
    (register,) = sent(hear(node, Welcome(1, 10.0, "")))
    assert isinstance(register, Register)
    assert register.resume == [Held(GRANT, [1, 2], [2])]


@pytest.mark.rule("R25")
def test_leases_without_a_grant_are_not_resumed() -> None:
    node = working()
    hear(node, Assigned(0, [lease(1)], [JOB]))
    node.disconnected()
    assert only(Ended, connect(node)) == [Ended(1, End.DROPPED)]


@pytest.mark.rule("R29")
def test_a_draining_node_finishes_and_closes() -> None:
    node = working(1)
    assert sent(node.drain("SIGTERM")) == [Drain("SIGTERM")]
    assert node.drain("again") == []
    returned = hear(node, Assigned(0, [lease(2)], [], GRANT))
    assert sent(returned) == [Failed([2], "draining")]
    report(node, 1)
    assert hear(node, Assigned(1)) == [Ended(1, End.ACKNOWLEDGED), Hangup(1000, "drained", drained=True)]


@pytest.mark.rule("R29")
def test_an_idle_node_drains_at_once() -> None:
    assert working().drain("x")[-1] == Hangup(1000, "drained", drained=True)
    offline = NodeSession("token", OFFER)
    assert offline.drain("x") == [Hangup(1000, "drained", drained=True)]


@pytest.mark.rule("R30")
def test_a_draining_node_that_is_cut_drains_again() -> None:
    node = working(1)
    node.drain("SIGTERM")
    assert node.disconnected() == []
    assert Drain("SIGTERM") in sent(connect(node, honoured=[1]))
    report(node, 1)
    assert hear(node, Assigned(1))[-1] == Hangup(1000, "drained", drained=True)
    assert node.disconnected() == []


@pytest.mark.rule("R31")
def test_errors_are_told_and_fatal_ones_end_the_connection() -> None:
    node = working()
    mild = hear(node, ErrorMessage("slow", "you are slow", "hurry"))
    assert mild == [Problem("slow", "you are slow", "hurry", False)]
    assert node.state is NodeState.WORKING
    fatal = hear(node, ErrorMessage("token_revoked", "gone", "", True))
    assert fatal == [Problem("token_revoked", "gone", "", True), Hangup(1000, "token_revoked")]


@pytest.mark.rule("R34")
def test_what_was_earned_is_passed_on() -> None:
    judged = Completed("j", paid=3, rejected=1, earned_micros=900)
    assert hear(working(), judged) == [Judged(judged)]
