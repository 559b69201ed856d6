"""A real coordinator in this process and nodes driven by hand, frame by frame."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import msgspec
import pytest
import pytest_asyncio
import websockets
from pydantic import SecretStr
from tests.fixtures_postgres import Postgres

from we1web.agent.runtimes.identity import RUNTIME_IDS
from we1web.coordinator.app import Application
from we1web.coordinator.config import Config
from we1web.coordinator.storage import audit
from we1web.protocol import outcome
from we1web.protocol.codec import decode_server, encode
from we1web.protocol.limits import SUBPROTOCOL_MSGPACK, VERSION
from we1web.protocol.messages import (
    Assigned,
    ClientMessage,
    Complete,
    ErrorMessage,
    Heartbeat,
    Hello,
    Lease,
    Refusal,
    Register,
    Registered,
    Report,
    ServerMessage,
    Welcome,
)
from we1web.testing.loopback import local_client

PROGRAM = b"def echo(x):\n    return x\n"
BATCH = 1_000
_numbers = itertools.count(1)
M = TypeVar("M", bound=ServerMessage)


class Wire:
    """One WebSocket, spoken by hand."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self._unheard: list[ServerMessage] = []

    async def say(self, message: ClientMessage) -> None:
        await self.socket.send(encode(message))

    async def hear(self, kind: type[M]) -> M:
        """The next message of this kind; others before it are kept for later."""
        for position, message in enumerate(self._unheard):
            if isinstance(message, kind):
                del self._unheard[position]
                return message
        while True:
            message = decode_server(await self.socket.recv())
            if isinstance(message, kind):
                return message
            self._unheard.append(message)

    async def refusal(self) -> tuple[str, int]:
        """(code of the last words, close code) of a connection that is being closed."""
        code = (await self.hear(ErrorMessage)).code
        await self.socket.wait_closed()
        return code, self.socket.close_code or 0


class HandNode(Wire):
    """A registered node."""

    registered: Registered
    seq = 0

    async def leases(self) -> list[Lease]:
        """The leases of the next frame that has any."""
        while True:
            assigned = await self.hear(Assigned)
            if assigned.leases:
                self.grant = assigned.grant
                return assigned.leases

    async def report(self, *reports: Report) -> Assigned:
        """Sends results and waits for their acknowledgement; with it all that was refused meanwhile. Leases that came
        meanwhile stay to be heard: neither refusals nor leases wait for the disk, as an acknowledgement does."""
        self.seq += 1
        await self.say(Complete(self.seq, list(reports)))
        refused: list[Refusal] = []
        given: list[Assigned] = []
        while True:
            assigned = await self.hear(Assigned)
            refused += assigned.refused
            given += [assigned] if assigned.leases else []
            if assigned.ack >= self.seq:
                self._unheard += given
                return Assigned(assigned.ack, refused=refused)

    async def answer(self, leases: list[Lease]) -> Assigned:
        """Right answers: each argument as it came."""
        return await self.report(
            *[Report(one.bundle, [outcome.value(a[1:]) for a in one.arguments], 1000) for one in leases]
        )


class Site:
    """The coordinator and the people in front of it."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self.sockets: list[websockets.ClientConnection] = []
        self.faults = 0
        """How often the market is to recover from a bug: a test that plants one says so."""

    def http(self, token: str = "") -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return local_client(self.app.url, headers=headers, timeout=30)

    async def wire(self, subprotocol: str = SUBPROTOCOL_MSGPACK) -> Wire:
        socket = await websockets.connect(
            self.app.url.replace("http", "ws", 1) + "/ws",
            subprotocols=[websockets.Subprotocol(subprotocol)],
            max_size=None,
            close_timeout=1,
        )
        self.sockets.append(socket)
        return Wire(socket)

    async def account(self) -> str:
        """A session token of somebody new."""
        async with self.http() as http:
            body = {"email": f"ws{next(_numbers)}@example.com", "password": "correct horse battery"}
            answer = await http.post("/api/auth/register", json=body)
            token: str = answer.json()["session"]["access_token"]
            return token

    async def token(self, *scopes: str, account: str = "") -> str:
        async with self.http(account or await self.account()) as http:
            answer = await http.post("/api/auth/tokens", json={"name": "test", "scopes": scopes})
            token: str = answer.json()["token"]
            return token

    async def greeted(self, token: str) -> Wire:
        wire = await self.wire()
        await wire.say(Hello([VERSION], token))
        await wire.hear(Welcome)
        return wire

    async def node(self, token: str = "", **facts: Any) -> HandNode:
        """A registered node, of somebody new unless a token says whose."""
        wire = await self.greeted(token or await self.token("node"))
        node = HandNode(wire.socket)
        facts = {"node": "", "name": "hand", "cores": 1, "memory_bytes": 1 << 34, "speed": 1.0, "window": 4} | facts
        await node.say(Register(runtimes=list(RUNTIME_IDS.values()), **facts))
        node.registered = await node.hear(Registered)
        return node

    async def requester(self) -> httpx2.AsyncClient:
        """Somebody with money and the program uploaded."""
        account = await self.account()
        http = self.http(account)
        user = (await http.get("/api/auth/session")).json()["user"]["id"]
        async with self.http(self.app.operator_token_path.read_text().strip()) as operator:
            credit = {"user_id": user, "amount_micros": 10**9, "memo": "test"}
            assert (await operator.post("/api/operator/credits", json=credit)).is_success
        put = await http.put(f"/api/blobs/{sha256(PROGRAM).hexdigest()}", content=PROGRAM)
        assert put.is_success, put.text
        return http

    async def submit(self, http: httpx2.AsyncClient, payloads: list[bytes], **changes: Any) -> str:
        """A complete job."""
        job = await self.open(http, len(payloads), **changes)
        await self.send(http, job, payloads)
        return job

    async def open(self, http: httpx2.AsyncClient, tasks: int, **changes: Any) -> str:
        """A job without tasks yet, with money for so many."""
        order = {
            "name": "ws", "runtime": "python", "program": sha256(PROGRAM).hexdigest(), "entry": "echo",
            "price_micros": 100, "budget_micros": tasks * 2_000,
        } | changes  # fmt: skip
        made = await http.post("/api/jobs", json=order)
        assert made.is_success, made.text
        job: str = made.json()["id"]
        return job

    async def send(self, http: httpx2.AsyncClient, job: str, payloads: list[bytes]) -> None:
        """All of a job's tasks."""
        for first in range(0, len(payloads), BATCH):
            arguments = [outcome.inline(payload) for payload in payloads[first : first + BATCH]]
            complete = first + BATCH >= len(payloads)
            body = {"sequence": first // BATCH, "arguments": arguments, "complete": complete}
            headers = {"Content-Type": "application/msgpack"}
            sent = await http.post(f"/api/jobs/{job}/tasks", content=msgspec.msgpack.encode(body), headers=headers)
            assert sent.is_success, sent.text


async def work(node: HandNode) -> None:
    """Right answers to whatever comes, without waiting for acknowledgements."""
    while True:
        leases = await node.leases()
        node.seq += 1
        reports = [Report(one.bundle, [outcome.value(a[1:]) for a in one.arguments], 1000) for one in leases]
        await node.say(Complete(node.seq, reports))


async def ended(http: httpx2.AsyncClient, job: str) -> bool | None:
    """Whether its end, and so its refund, is written."""
    return (await http.get(f"/api/jobs/{job}")).json()["ended_at"] is not None or None


async def differences(site: Site) -> list[audit.Difference]:
    async with site.app.services.database.snapshot() as connection:
        return [one async for one in audit.differences(connection)]


async def serve(nodes: list[HandNode], wanted: int) -> None:
    """Answers rightly until so many votes are acknowledged."""
    votes = 0
    enough = asyncio.Event()

    async def work(node: HandNode) -> None:
        nonlocal votes
        while True:
            leases = await node.leases()
            await node.answer(leases)
            votes += sum(len(lease.arguments) for lease in leases)
            if votes >= wanted:
                enough.set()

    async with asyncio.timeout(20):
        workers = [asyncio.create_task(work(node)) for node in nodes]
        try:
            await enough.wait()
        finally:
            for worker in workers:
                worker.cancel()


@pytest_asyncio.fixture(loop_scope="session")
async def site(postgres: Postgres, tmp_path: Path) -> AsyncIterator[Site]:
    """A coordinator of this test's own: what one test leaves open never meets another's nodes."""
    unlimited = {"rate_login_burst": 10_000, "rate_ip_burst": 100_000, "rate_user_burst": 100_000}
    async with postgres.lent() as dsn:
        app = await Application.create(
            Config(database_url=SecretStr(dsn), port=0, data_dir=tmp_path, **unlimited)  # type: ignore[arg-type]
        )
        try:
            await app.start()
            site = Site(app)
            yield site
            for socket in site.sockets:
                await socket.close()
            recovered = app.services.market.numbers()["faults_total"]
            assert recovered == site.faults, "the market recovered from a bug: see its log"
        finally:
            await app.stop()


@pytest.fixture
def heartbeat() -> Heartbeat:
    return Heartbeat(0, 0, 0.0)
