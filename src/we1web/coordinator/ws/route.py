"""The WebSocket endpoint, as a plain ASGI application: one coroutine per connection, no task per frame.

It speaks only bytes and states; what messages mean is the hub's. A peer that does not read is cut, not waited for.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from uuid import UUID

from we1web import __version__
from we1web.coordinator.auth.identity import identify
from we1web.coordinator.market.admission import FIRST_PARTY
from we1web.coordinator.market.floor import Floor
from we1web.coordinator.market.link import Link
from we1web.coordinator.market.market import Market
from we1web.coordinator.market.subscription import Subscription
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.errors import DatabaseLost
from we1web.protocol.errors import ProtocolError, We1webError
from we1web.protocol.limits import SUBPROTOCOL_JSON, SUBPROTOCOL_MSGPACK
from we1web.protocol.messages import (
    Complete,
    Drain,
    Failed,
    Heartbeat,
    Hello,
    Register,
    ServerMessage,
    Subscribe,
    Unsubscribe,
)
from we1web.protocol.session import ServerSession, close_code, refusal

HEARTBEAT_S = 10.0
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class ScopeMissing(We1webError):
    """The token does not allow what the connection wants to be."""

    code = "scope_missing"
    hint = "make a token with the scope it needs: we1web token create --scope node (or jobs)"


class WebSocketApp:
    """ASGI application for `/ws`."""

    def __init__(self, database: Database, market: Market) -> None:
        self._database = database
        self._market = market

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        floor = self._market.floor
        if floor is None or not floor.ready:
            await send({"type": "websocket.close", "code": 1013, "reason": "the market is starting"})
            return
        offered = scope.get("subprotocols") or []
        chosen = next((name for name in (SUBPROTOCOL_MSGPACK, SUBPROTOCOL_JSON) if name in offered), None)
        await send({"type": "websocket.accept", "subprotocol": chosen})
        peer = (scope.get("client") or ("",))[0]
        connection = Connection(self._database, floor, send, peer, json=chosen == SUBPROTOCOL_JSON)
        await connection.serve(receive)


class Connection:
    """One accepted connection, from its first frame to its end."""

    def __init__(self, database: Database, floor: Floor, send: Send, peer: str, *, json: bool) -> None:
        self._database = database
        self._floor = floor
        self._asgi_send = send
        self._loop = asyncio.get_running_loop()
        session = ServerSession(
            now=self._loop.time(), heartbeat_s=HEARTBEAT_S, software=f"we1web/{__version__}", json=json
        )
        self._session = session
        self._link = Link(session, self._write, self._close_soon, peer)
        self._subscriptions: dict[str, tuple[Subscription, asyncio.Task[None]]] = {}
        self._closing: asyncio.Task[None] | None = None

    async def serve(self, receive: Receive) -> None:
        """Frames until the connection ends."""
        self._floor.connected(self._link)
        try:
            while True:
                event = await receive()
                if event["type"] == "websocket.disconnect":
                    return
                frame = event.get("bytes") or event.get("text") or b""
                pending = self._received(frame)
                if pending is not None:
                    await pending
        except We1webError as error:
            await self._refuse(error)
        finally:
            for subscription, task in self._subscriptions.values():
                task.cancel()
                self._floor.unsubscribe(subscription)
            self._floor.disconnected(self._link)

    def _received(self, frame: bytes | str) -> Awaitable[None] | None:
        """Handles a frame; what must wait for the database is returned to be awaited."""
        now = self._loop.time()
        message = self._session.receive(frame, now)
        link, hub = self._link, self._floor.hub
        match message:
            case Complete():
                hub.completed(link, message, frame, now)
            case Heartbeat():
                self._floor.heard(link, message)
            case Failed() if link.node is not None:
                hub.gave_back(link.node, message, now)
            case Drain() if link.node is not None:
                hub.engine.attend(link.node, False)
            case Hello():
                return self._welcome(message)
            case Register():
                return self._register(message)
            case Subscribe():
                return self._subscribe(message)
            case Unsubscribe():
                self._unsubscribe(message.job)
        return None

    async def _welcome(self, message: Hello) -> None:
        identity = await identify(self._database, message.token)
        self._link.user_id, self._link.user_key = identity.user_id, identity.user_key
        self._link.scopes, self._link.is_operator = identity.scopes, identity.is_operator
        self._link.send(self._session.welcome())

    async def _register(self, message: Register) -> None:
        judges_own_job = message.referee not in ("", FIRST_PARTY)
        self._need("jobs" if judges_own_job else "node")
        self._link.send(await self._floor.register(self._link, message))

    async def _subscribe(self, message: Subscribe) -> None:
        self._need("jobs")
        try:
            job_id = UUID(message.job)
        except ValueError:
            raise ProtocolError("a job is named by its uuid", code="job_unknown") from None
        self._unsubscribe(message.job)
        subscription = await self._floor.subscribe(self._link, job_id, self._send)
        task = asyncio.create_task(self._follow(message.job, subscription))
        self._subscriptions[message.job] = (subscription, task)

    async def _follow(self, job: str, subscription: Subscription) -> None:
        """A subscription on its own: it must neither stop the reading of frames nor fail unseen."""
        try:
            await subscription.run()
            self._session.followed(job)
            self._subscriptions.pop(job, None)
        except We1webError as error:
            self._close_soon(1012 if isinstance(error, DatabaseLost) else 1011, error.code)
        finally:
            self._floor.unsubscribe(subscription)

    def _unsubscribe(self, job: str) -> None:
        found = self._subscriptions.pop(job, None)
        if found is not None:
            found[1].cancel()

    def _need(self, scope: str) -> None:
        if scope not in self._link.scopes:
            raise ScopeMissing(f"the token lacks the scope '{scope}'")

    async def _refuse(self, error: We1webError) -> None:
        """The last words, and the close."""
        code = 1012 if isinstance(error, DatabaseLost) else close_code(error)
        try:
            await self._send(refusal(error))
            await self._asgi_send({"type": "websocket.close", "code": code, "reason": error.code[:120]})
        except (RuntimeError, OSError):
            return  # it is gone already

    async def _send(self, message: ServerMessage) -> None:
        await self._asgi_send(self._event(self._session.encode(message)))

    def _write(self, frame: bytes | str) -> None:
        """Sends without waiting: uvicorn suspends a send only when the buffer is full, so it is stepped once."""
        step = self._asgi_send(self._event(frame)).__await__()
        try:
            next(step)
        except StopIteration:
            return
        except Exception:  # the peer is gone; the disconnect event follows
            return
        step.close()
        self._close_soon(1013, "the connection does not read fast enough")

    def _event(self, frame: bytes | str) -> MutableMapping[str, Any]:
        key = "text" if isinstance(frame, str) else "bytes"
        return {"type": "websocket.send", key: frame}

    def _close_soon(self, code: int, reason: str) -> None:
        if self._closing is None:
            self._closing = self._loop.create_task(self._close(code, reason))

    async def _close(self, code: int, reason: str) -> None:
        try:
            await self._asgi_send({"type": "websocket.close", "code": code, "reason": reason[:120]})
        except (RuntimeError, OSError):
            return
