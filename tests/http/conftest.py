"""A whole coordinator on a free port with a real database, and people who talk to it."""

import asyncio
import itertools
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
import pytest_asyncio
from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send
from tests.fixtures_postgres import Postgres
from tests.http.market import MemoryMarket

from we1web.coordinator.app import Application, LoopMaker, loops_of
from we1web.coordinator.blobs import BlobStore
from we1web.coordinator.clock import Clock
from we1web.coordinator.config import Config
from we1web.coordinator.loops.loop import Loop
from we1web.coordinator.services import Services
from we1web.coordinator.storage.database import Database
from we1web.coordinator.storage.principal import SERVICE
from we1web.protocol import outcome
from we1web.testing.loopback import local_client

PROGRAM = b"def double(x):\n    return 2 * x\n"
PROGRAM_DIGEST = sha256(PROGRAM).hexdigest()
_numbers = itertools.count(1)


@dataclass
class Person:
    """Somebody with an account and a logged-in client."""

    id: str
    email: str
    http: httpx2.AsyncClient

    async def fund(self, operator: httpx2.AsyncClient, micros: int = 1_000_000) -> None:
        answer = await operator.post("/api/operator/credits", json={"user_id": self.id, "amount_micros": micros})
        assert answer.status_code == 200, answer.text

    async def upload(self, content: bytes) -> str:
        digest = sha256(content).hexdigest()
        answer = await self.http.put(f"/api/blobs/{digest}", content=content)
        assert answer.status_code == 200, answer.text
        return digest


@dataclass
class Site:
    """A running coordinator, its market, and its operator's client."""

    app: Application
    market: MemoryMarket
    operator: httpx2.AsyncClient

    @property
    def url(self) -> str:
        return self.app.url

    def client(self, token: str = "") -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return local_client(self.url, headers=headers, timeout=30)


async def no_websocket(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "websocket.close", "code": 1013})


def no_loops(_services: Services) -> list[Loop]:
    """For tests that run background duties themselves, one at a time."""
    return []


async def run(
    dsn: str, data_dir: Path, *, make_loops: LoopMaker = loops_of, clock: Clock | None = None, **settings: Any
) -> AsyncIterator[Site]:
    """A coordinator with these settings, until the generator is closed."""
    markets: list[MemoryMarket] = []

    def make_market(_clock: Clock, database: Database, _blobs: BlobStore) -> tuple[MemoryMarket, ASGIApp]:
        markets.append(MemoryMarket(database))
        return markets[0], no_websocket

    settings = {"rate_login_burst": 10_000, "rate_ip_burst": 100_000, "rate_user_burst": 100_000} | settings
    config = Config(database_url=SecretStr(dsn), port=0, data_dir=data_dir, **settings)
    app = await Application.create(config, clock=clock, make_market=make_market, make_loops=make_loops)
    try:
        await app.start()
        token = app.operator_token_path.read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        async with local_client(app.url, headers=headers, timeout=30) as operator:
            yield Site(app, markets[0], operator)
    finally:
        await app.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """This module's coordinator."""
    async for running in run(await postgres.create(), tmp_path_factory.mktemp("site")):
        yield running


Newcomer = Callable[[], Awaitable[Person]]


@pytest_asyncio.fixture(loop_scope="session")
async def newcomer(site: Site) -> AsyncIterator[Newcomer]:
    """Makes people; each call registers another one."""
    clients: list[httpx2.AsyncClient] = []

    async def make() -> Person:
        email = f"person{next(_numbers)}@example.com"
        client = site.client()
        clients.append(client)
        answer = await client.post("/api/auth/register", json={"email": email, "password": "correct horse battery"})
        assert answer.status_code == 201, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['session']['access_token']}"
        return Person(answer.json()["user"]["id"], email, client)

    yield make
    for client in clients:
        await client.aclose()


@pytest_asyncio.fixture(loop_scope="session")
async def requester(site: Site, newcomer: Newcomer) -> Person:
    """Somebody with money and a program."""
    person = await newcomer()
    await person.fund(site.operator)
    await person.upload(PROGRAM)
    return person


async def raw(site: Site, request: bytes) -> bytes:
    """Sends bytes no client library would send; the whole answer (the request must ask to close)."""
    host, port = site.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    await writer.drain()
    answer = await reader.read()
    writer.close()
    return answer


def encoded(payload: bytes) -> str:
    """An inline argument as JSON carries it."""
    return b64encode(outcome.inline(payload)).decode()


def order(n: int = 0, **changes: Any) -> dict[str, Any]:
    """A job of `n` tasks that is in order; `changes` make it otherwise."""
    arguments = [encoded(b"%d" % i) for i in range(n)]
    return {
        "name": "doubles",
        "runtime": "python",
        "program": PROGRAM_DIGEST,
        "entry": "double",
        "price_micros": 100,
        "budget_micros": 100_000,
        "arguments": arguments,
    } | changes


async def create(person: Person, n: int = 0, **changes: Any) -> dict[str, Any]:
    """Creates such a job."""
    answer = await person.http.post("/api/jobs", json=order(n, **changes))
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def encoded_reference(digest: str, size: int) -> str:
    return b64encode(outcome.reference(bytes.fromhex(digest), size)).decode()


async def task_ids(site: Site, job: dict[str, object]) -> list[int]:
    chunks = await site.market.chunks_of(UUID(str(job["id"])))
    return [chunk["id"] << 20 | place for chunk in chunks for place in range(chunk["n"])]


async def node_key(site: Site, person: Person) -> tuple[str, int]:
    node = (await person.http.post("/api/nodes/register", json={"name": "laptop"})).json()["id"]
    async with site.app.services.database.transaction(SERVICE) as tx:
        return node, await tx.fetchval("select key from public.nodes where id = $1::uuid", UUID(node))
