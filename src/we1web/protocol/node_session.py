"""The node's side of the conversation: events in, effects out. Sans-IO.

It must never read a clock, wait, or touch a socket: `now` is passed in (seconds of any steady clock) and every method
returns the effects (effects.py) that the shell carries out in order. One object lives as long as the node; connections
come and go under it (`connected`, `disconnected`), and what was leased or reported survives them.

    session = NodeSession(token, Register(...))
    session.connected(now)                      a socket is open: says hello
    session.received(frame, now)                a frame arrived
    session.finished(bundle, outcomes, run_us)  results wait in a queue until
    session.flush()                             sends them, several to a frame
    session.give_back(bundles, code)            could not run them
    session.set_status(heartbeat, now)          what the node is doing; a change of `accepting` is told at once
    session.drain(reason)                       leave politely; a Hangup(drained=True) follows when nothing is held
    session.tick(now)                           about once a second: heartbeats, deadlines
    session.disconnected()                      the socket is gone
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec.structs import replace

from we1web.protocol import limits
from we1web.protocol.codec import decode_server, encode
from we1web.protocol.effects import Effect, End, Ended, Extended, Hangup, Judged, Leased, Problem, Ready, Send
from we1web.protocol.errors import FrameError, ProtocolError
from we1web.protocol.held import Holdings, Outbox, check_report
from we1web.protocol.messages import (
    Assigned,
    Cancel,
    Completed,
    Drain,
    ErrorMessage,
    Failed,
    Heartbeat,
    Hello,
    JobInfo,
    Lease,
    PaymentProcessed,
    Register,
    Registered,
    Report,
    ServerMessage,
    Welcome,
)

HANDSHAKE_S = 10.0
"""The coordinator has this long to answer a hello, and as long again to answer the registration."""


class NodeState(StrEnum):
    OFFLINE = "offline"
    GREETING = "greeting"
    REGISTERING = "registering"
    WORKING = "working"
    CLOSING = "closing"


N = NodeState
TRANSITIONS: dict[tuple[NodeState, type[ServerMessage]], NodeState] = {
    (N.GREETING, Welcome): N.REGISTERING,
    (N.GREETING, ErrorMessage): N.GREETING,
    (N.REGISTERING, Registered): N.WORKING,
    (N.REGISTERING, ErrorMessage): N.REGISTERING,
    (N.WORKING, Registered): N.WORKING,
    (N.WORKING, Assigned): N.WORKING,
    (N.WORKING, Cancel): N.WORKING,
    (N.WORKING, Completed): N.WORKING,
    (N.WORKING, PaymentProcessed): N.WORKING,
    (N.WORKING, ErrorMessage): N.WORKING,
}
"""Every message the coordinator may send to a node, by the node's state, and the state that follows."""


class NodeSession:
    """One node in conversation with one coordinator, across connections."""

    def __init__(self, token: str, offer: Register, *, software: str = "") -> None:
        self.state = NodeState.OFFLINE
        self.token = token
        self.offer = offer
        """What the next registration says; the node's id is kept here once the coordinator named it."""
        self._software = software
        self._status = Heartbeat(0, 0, 0.0)
        self._holdings = Holdings()
        self._outbox = Outbox()
        self._jobs: dict[int, JobInfo] = {}
        self._draining: str | None = None
        self._left = False
        self._heartbeat_s = 15.0
        self._due = 0.0
        """When the handshake must have moved on, or the next heartbeat is sent."""

    @property
    def held(self) -> int:
        """Leases that have not ended, reported ones included."""
        return len(self._holdings)

    @property
    def waiting_results(self) -> int:
        """Reports not sent yet."""
        return len(self._outbox.queue)

    def connected(self, now: float) -> list[Effect]:
        assert self.state is NodeState.OFFLINE, self.state
        self.state = NodeState.GREETING
        self._due = now + HANDSHAKE_S
        return [Send(encode(Hello([limits.VERSION], self.token, self._software)))]

    def disconnected(self) -> list[Effect]:
        """Nothing is lost: leases go on, results wait for the next connection."""
        self.state = NodeState.OFFLINE
        self._jobs.clear()
        return self._drained()

    def received(self, frame: bytes | str, now: float) -> list[Effect]:
        """Takes one frame of the coordinator. A frame that breaks a rule ends the connection."""
        if self.state is NodeState.CLOSING:
            return []
        try:
            effects = self._step(decode_server(frame), now)
        except ProtocolError as error:
            return self._abort(error)
        return effects + self._drained()

    def finished(self, bundle: int, outcomes: Sequence[bytes], run_us: int) -> list[Effect]:
        """Queues the result of a held bundle; one that ended meanwhile is ignored. Send with `flush`."""
        lease = self._holdings.lease(bundle)
        if lease is not None and not self._outbox.holds(bundle):
            report = Report(bundle, list(outcomes), run_us)
            check_report(report, lease)
            self._outbox.add(report)
        return []

    def flush(self) -> list[Effect]:
        """Sends what is queued, as few frames as the limits allow."""
        if self.state is not NodeState.WORKING:
            return []
        return [Send(encode(frame)) for frame in self._outbox.take()]

    def give_back(self, bundles: Iterable[int], code: str, detail: str = "") -> list[Effect]:
        """Returns bundles that have no result: the fault is the node's, not the tasks'."""
        mine = [b for b in bundles if b in self._holdings and not self._outbox.holds(b)]
        ended = self._end(mine, End.RETURNED, code)
        if mine and self.state is NodeState.WORKING:
            ended.insert(0, Send(encode(Failed(mine, code, detail[: limits.MAX_DETAIL_CHARS]))))
        return ended + self._drained()

    def set_status(self, status: Heartbeat, now: float) -> list[Effect]:
        """Remembers what heartbeats say; tells it at once when the node starts or stops accepting."""
        before, self._status = self._status, status
        if (before.accepting, before.reason) == (status.accepting, status.reason):
            return []
        return self._beat(now)

    def drain(self, reason: str) -> list[Effect]:
        """No new leases from now on; leases that are on their way are returned."""
        if self._draining is not None:
            return []
        self._draining = reason
        told: list[Effect] = [Send(encode(Drain(reason)))] if self.state is NodeState.WORKING else []
        return told + self._drained()

    def tick(self, now: float) -> list[Effect]:
        """Heartbeats and deadlines; call it about once a second."""
        late = [b for b in self._holdings.expired(now) if not self._outbox.holds(b)]
        effects = self._end(late, End.EXPIRED)
        if now >= self._due:
            effects += self._overdue(now)
        return effects + self._drained()

    def _overdue(self, now: float) -> list[Effect]:
        match self.state:
            case NodeState.GREETING | NodeState.REGISTERING:
                return self._abort(ProtocolError("the coordinator does not answer", code="handshake_timeout"))
            case NodeState.WORKING:
                return self._beat(now)
            case NodeState.OFFLINE | NodeState.CLOSING:
                return []

    def _step(self, message: ServerMessage, now: float) -> list[Effect]:
        before = self.state
        after = TRANSITIONS.get((before, type(message)))
        if after is None:
            raise ProtocolError(f"{type(message).__name__} while {before.value}", code="out_of_order")
        self.state = after
        effects = self._take(message, now)
        if before is not NodeState.WORKING and after is NodeState.WORKING:
            assert isinstance(message, Registered)
            effects += self._resumed(message, now)
        return effects

    def _take(self, message: ServerMessage, now: float) -> list[Effect]:
        match message:
            case Assigned():
                return self._assigned(message, now)
            case Cancel(bundles=bundles, code=code):
                return self._end(bundles, End.CANCELLED, code)
            case Completed():
                return [Judged(message)]
            case PaymentProcessed():
                return []  # news for people, who read it over HTTP too
            case ErrorMessage(code=code, message=text, hint=hint, fatal=fatal):
                problem: list[Effect] = [Problem(code, text, hint, fatal)]
                return problem + (self._close(1000, code) if fatal else [])
            case Welcome():
                return self._register(message, now)
            case Registered(node=node, name=name, status=status):
                self.offer = replace(self.offer, node=node)
                return [Ready(node, name, status)]
            case _:
                raise ProtocolError(f"{type(message).__name__} is not for nodes", code="out_of_order")

    def _register(self, welcome: Welcome, now: float) -> list[Effect]:
        if welcome.version != limits.VERSION:
            raise ProtocolError(f"the coordinator chose version {welcome.version}", code="version_unsupported")
        self._heartbeat_s = min(max(welcome.heartbeat_s, 0.1), 300.0)
        self._due = now + HANDSHAKE_S
        return [Send(encode(replace(self.offer, resume=self._holdings.resume())))]

    def _resumed(self, message: Registered, now: float) -> list[Effect]:
        """Drops what is not wanted any more, sends unacknowledged results again, then what waited."""
        honoured = set(message.honoured)
        effects = self._end([bundle for bundle in self._holdings if bundle not in honoured], End.DROPPED)
        effects += [Extended(bundle, self._holdings.extend(bundle, now)) for bundle in self._holdings]
        effects += [Send(encode(frame)) for frame in self._outbox.resend()]
        if self._draining is not None:
            effects.append(Send(encode(Drain(self._draining))))
        return effects + self._beat(now) + self.flush()

    def _assigned(self, message: Assigned, now: float) -> list[Effect]:
        if message.ack > self._outbox.last_seq:
            raise ProtocolError(f"acknowledged {message.ack} of {self._outbox.last_seq}", code="bad_sequence")
        effects: list[Effect] = []
        for refusal in message.refused:
            effects += self._end([refusal.bundle], End.REFUSED, refusal.code)
        effects += self._end(self._outbox.acknowledge(message.ack), End.ACKNOWLEDGED)
        if message.leases:
            effects += self._leased(message, now)
        return effects

    def _leased(self, message: Assigned, now: float) -> list[Effect]:
        self._jobs.update((job.job, job) for job in message.jobs)
        if any(lease.job not in self._jobs for lease in message.leases):
            raise ProtocolError("a lease of a job that was not described", code="unknown_job")
        if len(self._holdings) + len(message.leases) > limits.MAX_WINDOW:
            raise ProtocolError("more leases than any window", code="too_many_leases")
        if self._draining is not None:
            return [Send(encode(Failed([lease.bundle for lease in message.leases], "draining")))]
        fresh = self._holdings.add(message.grant, message.leases, now)
        return [self._handover(lease, now) for lease in fresh]

    def _handover(self, lease: Lease, now: float) -> Leased:
        return Leased(lease, self._jobs[lease.job], now + lease.deadline_ms / 1_000)

    def _end(self, bundles: Iterable[int], end: End, code: str = "") -> list[Effect]:
        """The one place where leases end; what is unknown here has ended before."""
        gone = [bundle for bundle in bundles if self._holdings.remove(bundle)]
        if end is not End.ACKNOWLEDGED:
            self._outbox.forget(gone)
        return [Ended(bundle, end, code) for bundle in gone]

    def _beat(self, now: float) -> list[Effect]:
        if self.state is not NodeState.WORKING:
            return []
        self._due = now + self._heartbeat_s
        return [Send(encode(self._status))]

    def _drained(self) -> list[Effect]:
        if self._left or self._draining is None or len(self._holdings) or self.state is NodeState.CLOSING:
            return []
        self._left = True
        return self._close(1000, "drained", drained=True)

    def _abort(self, error: ProtocolError) -> list[Effect]:
        problem = Problem(error.code, error.message, error.hint, fatal=True)
        return [problem, *self._close(1007 if isinstance(error, FrameError) else 1008, error.code)]

    def _close(self, close_code: int, reason: str, *, drained: bool = False) -> list[Effect]:
        self.state = NodeState.CLOSING
        return [Hangup(close_code, reason, drained)]
