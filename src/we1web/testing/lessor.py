"""The coordinator as nodes know it, driven by hand: for tests of nodes. Real WebSocket, real HTTP, no market behind it.

It leases what it is told to lease, keeps what nodes say, and never decides anything. fake_coordinator.py is the twin
for tests of requesters.

    async with Lessor() as coordinator:
        ... start a node with coordinator.url ...
        peer = await coordinator.registration()
        await peer.assign([lease], [job])
        complete = await peer.expect(Complete)
"""

import asyncio
from hashlib import blake2b, sha256
from http import HTTPStatus
from typing import TypeVar

import msgspec
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from we1web.agent.clock import now_s
from we1web.protocol.codec import encode
from we1web.protocol.errors import ProtocolError
from we1web.protocol.limits import MAX_FRAME_BYTES, SUBPROTOCOL_MSGPACK
from we1web.protocol.messages import (
    Assigned,
    ClientMessage,
    ErrorMessage,
    Hello,
    JobInfo,
    Lease,
    Refusal,
    Register,
    Registered,
    ServerMessage,
)
from we1web.protocol.session import ServerSession, close_code, refusal

M = TypeVar("M", bound=ClientMessage)


class Peer:
    """One node's connection, seen from the coordinator. Everything it said waits in order."""

    def __init__(self, connection: ServerConnection, register: Register, node: str) -> None:
        self.register = register
        self.node = node
        self.inbox: asyncio.Queue[ClientMessage | None] = asyncio.Queue()
        self._connection = connection

    async def expect(self, kind: type[M]) -> M:
        """The next message of this kind; those before it are dropped."""
        while True:
            message = await self.inbox.get()
            if message is None:
                raise ConnectionError(f"the node left; expected {kind.__name__}")
            if isinstance(message, kind):
                return message

    async def left(self) -> None:
        """Until the connection is over."""
        while await self.inbox.get() is not None:
            pass

    async def send(self, message: ServerMessage) -> None:
        await self._connection.send(encode(message))

    async def assign(self, leases: list[Lease], jobs: list[JobInfo], ack: int = 0) -> None:
        await self.send(Assigned(ack, leases, jobs, grant_for([lease.bundle for lease in leases])))

    async def acknowledge(self, seq: int, refused: list[Refusal] | None = None) -> None:
        await self.send(Assigned(seq, refused=refused or []))

    def cut(self) -> None:
        """As if a cable was pulled: nothing is said, what was on its way is lost."""
        self._connection.transport.abort()


class Lessor:
    """Listens on a free port of the loopback interface."""

    def __init__(self, *, heartbeat_s: float = 15.0) -> None:
        self.blobs: dict[bytes, bytes] = {}
        self.refuse: ErrorMessage | None = None
        """Said to every hello, when set."""
        self.unwanted: set[int] = set()
        """Bundles that are not honoured when a node comes back with them."""
        self._heartbeat_s = heartbeat_s
        self._peers: asyncio.Queue[Peer] = asyncio.Queue()
        self._nodes = 0
        self._server: Server | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        host, port = next(iter(self._server.sockets)).getsockname()[:2]
        return f"http://{host}:{port}"

    async def registration(self) -> Peer:
        """The next node that registers."""
        return await self._peers.get()

    def store(self, content: bytes) -> bytes:
        """Keeps a blob; returns its digest."""
        digest = sha256(content).digest()
        self.blobs[digest] = content
        return digest

    async def __aenter__(self) -> "Lessor":
        self._server = await serve(
            self._converse,
            "127.0.0.1",
            0,
            subprotocols=[Subprotocol(SUBPROTOCOL_MSGPACK)],
            compression=None,
            max_size=MAX_FRAME_BYTES,
            process_request=self._http,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    def _http(self, connection: ServerConnection, request: Request) -> Response | None:
        """GET of blobs and of the session; None lets a WebSocket begin."""
        if request.path == "/ws":
            return None
        if request.path == "/api/auth/session":
            return _answer(connection, msgspec.json.encode({"user": {"id": "fake-user"}}))
        name = request.path.removeprefix("/api/blobs/")
        content = self.blobs.get(bytes.fromhex(name)) if len(name) == 64 else None
        return connection.respond(HTTPStatus.NOT_FOUND, "") if content is None else _answer(connection, content)

    async def _converse(self, connection: ServerConnection) -> None:
        session = ServerSession(now=now_s(), heartbeat_s=self._heartbeat_s, software="fake")
        peer = None
        try:
            async for frame in connection:
                message = session.receive(frame, now_s())
                peer = await self._answer(connection, session, message, peer)
        except ProtocolError as error:
            await connection.send(session.encode(refusal(error)))
            await connection.close(close_code(error), error.code)
        except ConnectionClosed:
            pass
        finally:
            if peer is not None:
                peer.inbox.put_nowait(None)

    async def _answer(
        self, connection: ServerConnection, session: ServerSession, message: ClientMessage, peer: Peer | None
    ) -> Peer | None:
        match message:
            case Hello():
                await connection.send(session.encode(self.refuse or session.welcome()))
            case Register():
                return await self._admit(connection, session, message)
            case _ if peer is not None:
                peer.inbox.put_nowait(message)
        return peer

    async def _admit(self, connection: ServerConnection, session: ServerSession, register: Register) -> Peer:
        self._nodes += not register.node
        node = register.node or f"node-{self._nodes}"
        session.registered()
        honoured = [
            bundle
            for held in register.resume
            if held.grant == grant_for(held.granted)
            for bundle in held.held
            if bundle not in self.unwanted
        ]
        await connection.send(session.encode(Registered(node, register.name, "active", honoured)))
        peer = Peer(connection, register, node)
        self._peers.put_nowait(peer)
        return peer


def grant_for(bundles: list[int]) -> bytes:
    """A proof that only this fake accepts."""
    return blake2b(encode(bundles), digest_size=16, key=b"fake").digest()


def _answer(connection: ServerConnection, body: bytes) -> Response:
    response = connection.respond(HTTPStatus.OK, "")
    response.body = body
    del response.headers["Content-Length"]
    response.headers["Content-Length"] = str(len(body))
    return response
