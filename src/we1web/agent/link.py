"""Keeps a node's session connected: the asyncio shell of protocol/node_session.py over the `websockets` library.

It carries frames and time to the session and carries out its effects; everything else it hands to `handle`. It must
never decide what a message means, and never end because a connection did: only a drained session, or a refusal that
no retry can cure, ends `run`.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.typing import Subprotocol

from we1web.agent.backoff import Backoff
from we1web.protocol.effects import Effect, Hangup, Problem, Ready, Send
from we1web.protocol.errors import We1webError
from we1web.protocol.limits import MAX_FRAME_BYTES, SUBPROTOCOL_MSGPACK
from we1web.protocol.messages import Register
from we1web.protocol.session import CLOSE_REPLACED, CLOSE_RETIRED, NodeSession, NodeState

log = structlog.get_logger("we1web.agent.link")

PERMANENT = frozenset(
    {
        "job_unknown",
        "node_replaced",
        "node_retired",
        "node_unknown",
        "not_operator",
        "scope_missing",
        "token_expired",
        "token_invalid",
        "token_revoked",
        "too_many_nodes",
        "version_unsupported",
    }
)
"""Refusals that stay what they are until a person does something."""
CLOSED_FOR_GOOD = {
    CLOSE_REPLACED: Problem(
        "node_replaced", "another agent runs as this node", "give each agent its own --state-dir", fatal=True
    ),
    CLOSE_RETIRED: Problem(
        "node_retired", "the owner retired this node", "start the agent again to join as a new node", fatal=True
    ),
}


def _unchanged(offer: Register) -> Register:
    return offer


class Refused(We1webError):
    """The coordinator does not want this node, and trying again would not help."""

    code = "refused"


@dataclass(frozen=True)
class Timing:
    """Waits of a link, in seconds."""

    tick_s: float = 1.0
    gather_s: float = 0.003
    """Results that finish within this time share a frame."""
    open_s: float = 10.0
    ping_s: float = 20.0


class Link:
    """One node's connection, made again whenever it breaks."""

    def __init__(
        self,
        url: str,
        session: NodeSession,
        handle: Callable[[Effect], None],
        *,
        backoff: Backoff,
        now: Callable[[], float],
        timing: Timing = Timing(),
        renew: Callable[[Register], Register] = _unchanged,
    ) -> None:
        self._url = url
        self._session = session
        self._handle = handle
        self._renew = renew
        """What the node offers, as it is when it connects."""
        self._backoff = backoff
        self._now = now
        self._timing = timing
        self._current: _Connection | None = None
        self._drained = asyncio.Event()
        self._refusal: Problem | None = None
        self._known = False

    @property
    def rtt_ms(self) -> float:
        """Round trip of the present connection; 0 while it is unknown."""
        return self._current.socket.latency * 1_000 if self._current is not None else 0.0

    async def run(self) -> None:
        """Until the session is drained; raises Refused."""
        leaving = asyncio.ensure_future(self._drained.wait())
        try:
            while not self._drained.is_set():
                await self._connect_once()
                if self._refusal is not None:
                    raise Refused(self._refusal.message, code=self._refusal.code, hint=self._refusal.hint)
                if not self._drained.is_set():
                    await asyncio.wait([leaving], timeout=self._backoff.next_s())
        finally:
            leaving.cancel()

    def perform(self, effects: Iterable[Effect]) -> None:
        """Carries out effects of the session, in order. Never waits."""
        for effect in effects:
            match effect:
                case Send(frame=frame):
                    if self._current is not None:
                        self._current.send(frame)
                case Hangup():
                    self._hang_up(effect)
                case _:
                    self._note(effect)
                    self._handle(effect)

    def results_wait(self, *, more_soon: bool) -> None:
        """Something was finished: it leaves at once, or within milliseconds together with what finishes until then."""
        if self._current is None:
            return
        if more_soon:
            self._current.results.set()
        else:
            self.perform(self._session.flush())

    def _note(self, effect: Effect) -> None:
        if isinstance(effect, Ready):
            self._backoff.reset()
            self._known = True
        elif isinstance(effect, Problem) and effect.fatal and effect.code in PERMANENT:
            self._refuse(effect)

    def _refuse(self, problem: Problem) -> None:
        """A saved id that the coordinator does not know means: join as a new node. Once known, it was retired."""
        if problem.code == "node_unknown" and not self._known and self._session.offer.node:
            log.warning("joins_as_new_node", forgotten=self._session.offer.node)
            self._session.offer = replace(self._session.offer, node="")
        else:
            self._refusal = problem

    def _hang_up(self, hangup: Hangup) -> None:
        if hangup.drained:
            self._drained.set()
        if self._current is not None:
            self._current.hangup = hangup
            self._current.outgoing_ready.set()

    async def _connect_once(self) -> None:
        try:
            socket = await connect(
                self._url,
                subprotocols=[Subprotocol(SUBPROTOCOL_MSGPACK)],
                compression=None,
                max_size=MAX_FRAME_BYTES,
                open_timeout=self._timing.open_s,
                ping_interval=self._timing.ping_s,
                ping_timeout=self._timing.ping_s,
            )
        except (OSError, InvalidHandshake, InvalidURI, ConnectionClosed, EOFError, ValueError) as error:
            log.info(
                "coordinator_unreachable", error=str(error) or type(error).__name__, attempt=self._backoff.attempts
            )
            self.perform(self._session.tick(self._now()))
            return
        self._current = _Connection(socket)
        self._session.offer = self._renew(self._session.offer)
        try:
            with suppress(ConnectionClosed):
                await socket.ping()  # its answer is the first measurement of the way
            self.perform(self._session.connected(self._now()))
            await self._converse(self._current)
        finally:
            self._current = None
            self.perform(self._session.disconnected())
            with suppress(OSError):
                await socket.close()
            self._closed(socket.close_code)

    def _closed(self, code: int | None) -> None:
        if not self._drained.is_set():
            log.info("disconnected", close_code=code)
        if code in CLOSED_FOR_GOOD:
            self.perform([CLOSED_FOR_GOOD[code]])

    async def _converse(self, connection: "_Connection") -> None:
        """Until the connection ends, whichever side ends it."""
        duties = [
            asyncio.ensure_future(duty)
            for duty in (self._read(connection), connection.write(), self._tick(), self._gather(connection))
        ]
        try:
            done, _ = await asyncio.wait(duties, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for duty in duties:
                duty.cancel()
            await asyncio.gather(*duties, return_exceptions=True)
        for duty in done:
            error = duty.exception()
            if error is not None and not isinstance(error, ConnectionClosed):
                raise error

    async def _read(self, connection: "_Connection") -> None:
        async for frame in connection.socket:
            self.perform(self._session.received(frame, self._now()))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self._timing.tick_s)
            self.perform(self._session.tick(self._now()))

    async def _gather(self, connection: "_Connection") -> None:
        while True:
            await connection.results.wait()
            await asyncio.sleep(self._timing.gather_s)
            connection.results.clear()
            if self._session.state is NodeState.WORKING:
                self.perform(self._session.flush())


@dataclass
class _Connection:
    """One socket and what is on its way out."""

    socket: ClientConnection
    outgoing: deque[bytes] = field(default_factory=deque)
    outgoing_ready: asyncio.Event = field(default_factory=asyncio.Event)
    results: asyncio.Event = field(default_factory=asyncio.Event)
    hangup: Hangup | None = None

    def send(self, frame: bytes) -> None:
        self.outgoing.append(frame)
        self.outgoing_ready.set()

    async def write(self) -> None:
        """Sends in order; after a hangup what was queued still goes out, then the connection closes."""
        while True:
            await self.outgoing_ready.wait()
            self.outgoing_ready.clear()
            while self.outgoing:
                await self.socket.send(self.outgoing.popleft())
            if self.hangup is not None:
                await self.socket.close(self.hangup.close_code, self.hangup.reason[:100])
                return
