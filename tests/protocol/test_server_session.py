"""The coordinator's side: which message is legal when, and within which limits."""

import pytest

from we1web.protocol.codec import decode_server, encode, encode_json
from we1web.protocol.errors import FrameError, ProtocolError
from we1web.protocol.limits import MAX_FRAME_BYTES, MAX_RESUMED_IDS
from we1web.protocol.messages import (
    ClientMessage,
    Complete,
    Drain,
    ErrorMessage,
    Failed,
    Heartbeat,
    Held,
    Hello,
    Register,
    Report,
    Subscribe,
    Unsubscribe,
    Welcome,
)
from we1web.protocol.server_session import TRANSITIONS, ServerSession, ServerState, close_code, refusal

HELLO = Hello([1], "token")
REGISTER = Register("", "n", 1, 1, ["wasm-1"], 1.0, 4)
HEARTBEAT = Heartbeat(0, 0, 0.0)
REPORT = Report(1, [bytes(9)], 1)
ONE_OF_EACH: list[ClientMessage] = [
    HELLO,
    REGISTER,
    HEARTBEAT,
    Complete(1, [REPORT]),
    Failed([1], "x"),
    Drain(),
    Subscribe("a"),
    Unsubscribe("a"),
]


def session(state: ServerState = ServerState.GREETING, *, json: bool = False) -> ServerSession:
    """A session in the given state, reached the way a client reaches it."""
    new = ServerSession(now=0.0, heartbeat_s=10.0, software="test", json=json)
    path: dict[ServerState, list[ClientMessage | str]] = {
        ServerState.GREETING: [],
        ServerState.AUTHENTICATING: [HELLO],
        ServerState.WELCOMED: [HELLO, "welcome"],
        ServerState.REGISTERING: [HELLO, "welcome", REGISTER],
        ServerState.WORKING: [HELLO, "welcome", REGISTER, "registered"],
        ServerState.DRAINING: [HELLO, "welcome", REGISTER, "registered", Drain()],
        ServerState.SUBSCRIBED: [HELLO, "welcome", Subscribe("a")],
    }
    for step in path[state]:
        if isinstance(step, str):
            getattr(new, step)()
        else:
            new.receive(encode(step), 0.0)
    assert new.state is state
    return new


def refused(subject: ServerSession, message: ClientMessage) -> str:
    with pytest.raises(ProtocolError) as error:
        subject.receive(encode(message), 1.0)
    return error.value.code


@pytest.mark.rule("R5", "R6", "R7", "R8")
@pytest.mark.parametrize("state", list(ServerState))
@pytest.mark.parametrize("message", ONE_OF_EACH, ids=lambda message: type(message).__name__)
def test_a_message_is_legal_in_its_states_only(state: ServerState, message: ClientMessage) -> None:
    subject = session(state)
    after = TRANSITIONS.get((state, type(message)))
    if after is None:
        assert refused(subject, message) == "out_of_order"
        assert subject.state is state
    else:
        assert subject.receive(encode(message), 1.0) == message
        assert subject.state is after


@pytest.mark.rule("R5")
def test_a_client_of_another_version_is_refused() -> None:
    assert refused(session(), Hello([2, 3], "t")) == "version_unsupported"


@pytest.mark.rule("R5")
def test_a_client_of_several_versions_is_welcome() -> None:
    subject = session()
    subject.receive(encode(Hello([9, 1], "t")), 0.0)
    assert subject.welcome() == Welcome(1, 10.0, "test")


@pytest.mark.rule("R1")
def test_frames_are_read_in_either_form_and_answered_in_the_chosen_one() -> None:
    subject = session(json=True)
    assert subject.receive(encode_json(HELLO).decode(), 0.0) == HELLO
    assert isinstance(answer := subject.encode(subject.welcome()), str)
    assert decode_server(answer) == Welcome(1, 10.0, "test")
    assert subject.receive(encode(REGISTER), 0.0) == REGISTER
    assert isinstance(session().encode(Welcome(1, 1.0, "")), bytes)


@pytest.mark.rule("R20")
def test_sequence_numbers_only_grow() -> None:
    subject = session(ServerState.WORKING)
    subject.receive(encode(Complete(5, [REPORT])), 1.0)
    assert refused(subject, Complete(5, [REPORT])) == "bad_sequence"
    assert refused(subject, Complete(4, [REPORT])) == "bad_sequence"
    subject.receive(encode(Complete(9, [REPORT])), 1.0)
    assert subject.last_seq == 9


@pytest.mark.rule("R20")
def test_results_without_a_report_are_refused() -> None:
    assert refused(session(ServerState.WORKING), Complete(1, [])) == "empty_results"


@pytest.mark.rule("R9")
@pytest.mark.parametrize("state", [ServerState.GREETING, ServerState.WELCOMED])
def test_the_handshake_has_a_time_limit(state: ServerState) -> None:
    subject = session(state)
    subject.check(10.0)
    with pytest.raises(ProtocolError) as error:
        subject.check(10.1)
    assert error.value.code == "handshake_timeout"


@pytest.mark.rule("R9")
@pytest.mark.parametrize("state", [ServerState.WORKING, ServerState.DRAINING])
def test_a_silent_node_is_gone_after_three_heartbeats(state: ServerState) -> None:
    subject = session(state)
    subject.receive(encode(HEARTBEAT), 50.0)
    subject.check(80.0)
    with pytest.raises(ProtocolError) as error:
        subject.check(80.1)
    assert error.value.code == "silent"


@pytest.mark.rule("R9", "R33")
def test_a_requester_may_listen_in_silence_for_ever() -> None:
    session(ServerState.SUBSCRIBED).check(1e6)


@pytest.mark.rule("R10")
def test_a_flood_is_refused_but_results_are_no_flood() -> None:
    subject = session(ServerState.WORKING)
    for seq in range(1, 1_000):
        subject.receive(encode(Complete(seq, [REPORT])), 1.0)
    for _ in range(498):
        subject.receive(encode(HEARTBEAT), 1.0)
    assert refused(subject, HEARTBEAT) == "flood"
    subject.check(2.0)
    subject.receive(encode(HEARTBEAT), 2.0)


@pytest.mark.rule("R10")
def test_subscriptions_are_counted() -> None:
    subject = session(ServerState.SUBSCRIBED)
    subject.receive(encode(Unsubscribe("a")), 0.0)
    for number in range(100):
        subject.receive(encode(Subscribe(str(number))), 0.0)
    subject.receive(encode(Subscribe("1")), 0.0)
    assert refused(subject, Subscribe("one more")) == "too_many_subscriptions"


@pytest.mark.rule("R25")
@pytest.mark.parametrize(
    "resume",
    [[Held(b"g", [1, 2], [2, 3])], [Held(b"g", list(range(10_000)), [1])] * (MAX_RESUMED_IDS // 10_000)],
    ids=["foreign", "too many"],
)
def test_what_cannot_be_resumed_is_refused(resume: list[Held]) -> None:
    register = Register("x", "n", 1, 1, ["wasm-1"], 1.0, 4, "", resume)
    assert refused(session(ServerState.WELCOMED), register) == "bad_resume"


@pytest.mark.rule("R3", "R4", "R8")
def test_close_codes() -> None:
    assert close_code(FrameError("x", code="frame_too_large")) == 1009
    assert close_code(FrameError("x")) == 1007
    assert close_code(ProtocolError("x")) == 1008
    with pytest.raises(FrameError):
        session().receive(bytes(MAX_FRAME_BYTES + 1), 0.0)


@pytest.mark.rule("R31")
def test_the_last_word_says_what_and_what_next() -> None:
    error = ProtocolError("no", code="x", hint="do that")
    assert refusal(error) == ErrorMessage("x", "no", "do that", fatal=True)
