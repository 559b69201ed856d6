"""The coordinator's side of one conversation: which message is legal when, and within which limits. Sans-IO.

It must never look into the market's business (leases, outcomes, money): it decodes a frame, checks it against the
state of this connection and hands it over. A shell (the WebSocket hub) uses it like this:

    session = ServerSession(now=clock(), heartbeat_s=15.0, software="we1web/0.1.0", json=False)
    message = session.receive(frame, now)      # frame: bytes (msgpack) or str (JSON); raises ProtocolError
    match message:
        case Hello(): ... authenticate ...;    send(session.welcome())           # Welcome; or refuse and close
        case Register(): ... admit ...;        session.registered(); send(Registered(...))
        case Complete() | Failed() | Heartbeat() | Drain() | Subscribe() | Unsubscribe(): ...
    session.check(now)                         # about once a second; raises ProtocolError for silence and floods
    send(session.encode(message))              # bytes or str, as the connection's subprotocol wants it
    except ProtocolError as error: send(session.encode(refusal(error))); close(close_code(error))

Every ProtocolError is fatal to the connection. Between Hello and welcome(), and between Register and registered(),
nothing is legal: clients wait for the answer.
"""

from enum import StrEnum

from we1web.protocol import limits
from we1web.protocol.codec import decode_client, encode, encode_json
from we1web.protocol.errors import FrameError, ProtocolError, We1webError
from we1web.protocol.messages import (
    ClientMessage,
    Complete,
    Drain,
    ErrorMessage,
    Failed,
    Heartbeat,
    Hello,
    Register,
    ServerMessage,
    Subscribe,
    Unsubscribe,
    Welcome,
)

HANDSHAKE_S = 10.0
"""From the opening of the connection to the end of the hello, the client has this long."""
SILENCE_HEARTBEATS = 3
"""A client that says nothing for this many heartbeats is gone."""
MAX_CONTROL_FRAMES = 500
"""Frames other than results between two checks, which are about a second apart."""
MAX_SUBSCRIPTIONS = 100
CLOSE_REPLACED = 4001
"""Close code: the node registered on another connection."""
CLOSE_RETIRED = 4002
"""Close code: the node's owner retired it."""


class ServerState(StrEnum):
    GREETING = "greeting"
    AUTHENTICATING = "authenticating"
    WELCOMED = "welcomed"
    REGISTERING = "registering"
    WORKING = "working"
    DRAINING = "draining"
    SUBSCRIBED = "subscribed"


S = ServerState
TRANSITIONS: dict[tuple[ServerState, type[ClientMessage]], ServerState] = {
    (S.GREETING, Hello): S.AUTHENTICATING,
    (S.WELCOMED, Register): S.REGISTERING,
    (S.WELCOMED, Subscribe): S.SUBSCRIBED,
    (S.SUBSCRIBED, Subscribe): S.SUBSCRIBED,
    (S.SUBSCRIBED, Unsubscribe): S.SUBSCRIBED,
    (S.WORKING, Heartbeat): S.WORKING,
    (S.WORKING, Complete): S.WORKING,
    (S.WORKING, Failed): S.WORKING,
    (S.WORKING, Drain): S.DRAINING,
    (S.DRAINING, Heartbeat): S.DRAINING,
    (S.DRAINING, Complete): S.DRAINING,
    (S.DRAINING, Failed): S.DRAINING,
}
"""Every message a client may send, by the state in which it may, and the state that follows."""


class ServerSession:
    """One connection as the coordinator sees it. Not thread safe; 20,000 of them live in one process."""

    __slots__ = (
        "_control_frames",
        "_heartbeat_s",
        "_jobs",
        "_json",
        "_opened_at",
        "_software",
        "heard_at",
        "last_seq",
        "state",
    )

    def __init__(self, *, now: float, heartbeat_s: float, software: str, json: bool = False) -> None:
        self.state = ServerState.GREETING
        self.heard_at = now
        """When the client last said anything, in the shell's clock (seconds)."""
        self.last_seq = 0
        """Sequence number of the last task:complete of this connection."""
        self._opened_at = now
        self._heartbeat_s = heartbeat_s
        self._software = software
        self._json = json
        self._control_frames = 0
        self._jobs: set[str] | None = None

    def receive(self, frame: bytes | str, now: float) -> ClientMessage:
        """The decoded message, legal in this state; raises ProtocolError. This is the hot path."""
        message = decode_client(frame)
        state = TRANSITIONS.get((self.state, type(message)))
        if state is None:
            raise _illegal(message, self.state)
        self.heard_at = now
        if type(message) is Complete:
            self._check_results(message)
        else:
            self._check_control(message)
        self.state = state
        return message

    def welcome(self) -> Welcome:
        """Answers a hello whose token was good."""
        assert self.state is ServerState.AUTHENTICATING, self.state
        self.state = ServerState.WELCOMED
        return Welcome(limits.VERSION, self._heartbeat_s, self._software)

    def registered(self) -> None:
        """The node was admitted; its results and heartbeats are legal from now on."""
        assert self.state is ServerState.REGISTERING, self.state
        self.state = ServerState.WORKING

    def followed(self, job: str) -> None:
        """The job ended and everything was told: its subscription is over."""
        if self._jobs is not None:
            self._jobs.discard(job)

    def check(self, now: float) -> None:
        """Raises ProtocolError when the client is too slow or too silent; starts a new count of control frames."""
        self._control_frames = 0
        if self.state in (ServerState.GREETING, ServerState.WELCOMED):
            if now - self._opened_at > HANDSHAKE_S:
                raise ProtocolError("no handshake in time", code="handshake_timeout", retryable=True)
        elif self.state is not ServerState.SUBSCRIBED and now - self.heard_at > SILENCE_HEARTBEATS * self._heartbeat_s:
            raise ProtocolError("no heartbeat in time", code="silent", retryable=True)

    def encode(self, message: ServerMessage) -> bytes | str:
        """A frame for this client: text when it asked for the JSON subprotocol."""
        return encode_json(message).decode() if self._json else encode(message)

    def _check_results(self, message: Complete) -> None:
        if message.seq <= self.last_seq:
            raise ProtocolError(f"task:complete {message.seq} after {self.last_seq}", code="bad_sequence")
        if not message.reports:
            raise ProtocolError("task:complete without a report", code="empty_results")
        self.last_seq = message.seq

    def _check_control(self, message: ClientMessage) -> None:
        self._control_frames += 1
        if self._control_frames > MAX_CONTROL_FRAMES:
            raise ProtocolError("too many control messages a second", code="flood", retryable=True)
        match message:
            case Hello(versions=versions):
                _check_version(versions)
            case Register():
                _check_resume(message)
            case Subscribe(job=job):
                self._subscribe(job)
            case Unsubscribe(job=job) if self._jobs is not None:
                self._jobs.discard(job)
            case _:
                pass

    def _subscribe(self, job: str) -> None:
        if self._jobs is None:
            self._jobs = set()
        self._jobs.add(job)
        if len(self._jobs) > MAX_SUBSCRIPTIONS:
            raise ProtocolError(
                f"more than {MAX_SUBSCRIPTIONS} jobs on one connection",
                code="too_many_subscriptions",
                hint="unsubscribe from jobs that ended, or open another connection",
            )


def refusal(error: We1webError) -> ErrorMessage:
    """The last message before the connection closes for `error`."""
    return ErrorMessage(error.code, error.message[: limits.MAX_DETAIL_CHARS], error.hint, fatal=True)


def close_code(error: We1webError) -> int:
    """The WebSocket close code that goes with `error`."""
    if error.code == "frame_too_large":
        return 1009
    return 1007 if isinstance(error, FrameError) else 1008


def _check_version(versions: list[int]) -> None:
    if limits.VERSION not in versions:
        raise ProtocolError(
            f"this coordinator speaks version {limits.VERSION}, the client {versions}",
            code="version_unsupported",
            hint="update whichever of the two is older: pip install --upgrade we1web",
        )


def _check_resume(message: Register) -> None:
    if sum(len(held.granted) + len(held.held) for held in message.resume) > limits.MAX_RESUMED_IDS:
        raise ProtocolError(f"more than {limits.MAX_RESUMED_IDS} bundle ids to resume", code="bad_resume")
    if not all(set(held.held) <= set(held.granted) for held in message.resume):
        raise ProtocolError("a resumed bundle is not part of its grant", code="bad_resume")


def _illegal(message: ClientMessage, state: ServerState) -> ProtocolError:
    tag = type(message).__struct_config__.tag
    return ProtocolError(
        f"{tag} is not legal while {state.value}",
        code="out_of_order",
        hint="see spec/protocol.md, The order of messages",
    )
