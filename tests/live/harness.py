"""A coordinator as a process of its own, nodes of several owners in this one, and ways to kill either.

The nodes are the real agent with a runtime that answers at once and counts; what a node saw acknowledged is evidence
that tests hold against the database.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from we1web.agent.runtime import Runtime, Work
from we1web.agent.runtimes import available
from we1web.agent.runtimes.identity import RUNTIME_IDS
from we1web.agent.startup import Options, open_node
from we1web.protocol import outcome
from we1web.protocol.effects import Effect, End, Ended, Leased
from we1web.testing.loopback import local_client
from we1web.testing.patience import eventually
from we1web.testing.runtimes import EchoRuntime, LyingRuntime

PROGRAM = b"def echo(x):\n    return x\n"
PRICE_MICROS = 1_000
UNLIMITED = {f"WE1WEB_RATE_{who}_{what}": "100000" for who in ("IP", "USER", "LOGIN") for what in ("PER_S", "BURST")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class CoordinatorProcess:
    """`we1web up` in a folder; may be killed and started again on the same port and folder."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | UNLIMITED | {"WE1WEB_LOG_LEVEL": "warning"} | environment
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        command = ["-m", "we1web", "up", "--port", str(self.port), "--data-dir", str(self.folder)]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *command, env=self.environment, stdout=asyncio.subprocess.DEVNULL
        )
        await self.ready()

    async def ready(self) -> None:
        """Until it serves, also after it healed itself."""
        async with local_client(self.url) as http:
            await eventually(lambda: self._ready(http), "the coordinator serves")

    async def _ready(self, http: httpx2.AsyncClient) -> bool | None:
        assert self._process is not None and self._process.returncode is None, "the coordinator ended"
        try:
            return True if (await http.get("/readyz")).status_code == 200 else None
        except httpx2.TransportError:
            return None

    async def kill(self) -> None:
        """As a power failure would."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> int:
        """Politely; returns the exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        return await self._process.wait()

    @property
    def operator_token(self) -> str:
        return (self.folder / "operator.token").read_text().strip()


class Person:
    """Somebody with an account, over HTTP; asks again while the coordinator is away."""

    def __init__(self, url: str, token: str = "") -> None:
        self.http = local_client(url, timeout=30, headers={"Authorization": f"Bearer {token}"} if token else {})

    async def call(self, method: str, path: str, **arguments: Any) -> Any:
        """The answer's JSON (or msgpack); waits out a restart, fails on every refusal."""
        answer = await eventually(lambda: self._ask(method, path, arguments), f"{method} {path}")
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        if "msgpack" in answer.headers.get("content-type", ""):
            return msgspec.msgpack.decode(answer.content)
        return answer.json() if answer.content else None

    async def _ask(self, method: str, path: str, arguments: dict[str, Any]) -> httpx2.Response | None:
        try:
            answer = await self.http.request(method, path, **arguments)
        except httpx2.TransportError:
            return None
        return None if answer.status_code in (502, 503) else answer

    @classmethod
    async def register(cls, url: str, name: str) -> "Person":
        body = {"email": f"{name}@example.com", "password": "correct horse battery"}
        answer = await cls(url).call("POST", "/api/auth/register", json=body)
        return cls(url, answer["session"]["access_token"])

    async def token(self, *scopes: str) -> str:
        made = await self.call("POST", "/api/auth/tokens", json={"name": "test", "scopes": scopes})
        token: str = made["token"]
        return token


class Requester:
    """A funded account that submits and reads jobs."""

    def __init__(self, person: Person, coordinator: CoordinatorProcess) -> None:
        self.person = person
        self._coordinator = coordinator

    @classmethod
    async def make(cls, coordinator: CoordinatorProcess, name: str = "requester") -> "Requester":
        person = await Person.register(coordinator.url, name)
        requester = cls(person, coordinator)
        credit = {"email": f"{name}@example.com", "amount_micros": 10**10, "memo": "test"}
        await requester.operator.call("POST", "/api/operator/credits", json=credit, headers={"Idempotency-Key": name})
        return requester

    @property
    def operator(self) -> Person:
        """The operator's token is a new one after every start."""
        return Person(self._coordinator.url, self._coordinator.operator_token)

    async def submit(self, payloads: Sequence[bytes], program: bytes = PROGRAM, chunk: int = 1000, **order: Any) -> str:
        """A complete python job, in submissions of `chunk` tasks; returns its id."""
        digest = sha256(program).hexdigest()
        await self.person.call("PUT", f"/api/blobs/{digest}", content=program)
        order = {
            "name": "live",
            "runtime": "python",
            "program": digest,
            "entry": "echo",
            "price_micros": PRICE_MICROS,
            "budget_micros": len(payloads) * PRICE_MICROS * 10,
        } | order
        key = {"Idempotency-Key": sha256(b"".join(payloads)).hexdigest()}
        job: str = (await self.person.call("POST", "/api/jobs", json=order, headers=key))["id"]
        headers = {"Content-Type": "application/msgpack"}
        for sequence, first in enumerate(range(0, len(payloads), chunk)):
            arguments = [outcome.inline(payload) for payload in payloads[first : first + chunk]]
            body = {"sequence": sequence, "arguments": arguments, "complete": first + chunk >= len(payloads)}
            content = msgspec.msgpack.encode(body)
            await self.person.call("POST", f"/api/jobs/{job}/tasks", content=content, headers=headers)
        return job

    async def job(self, job: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.person.call("GET", f"/api/jobs/{job}")
        return found

    async def until_done(self, job: str, timeout_s: float = 60) -> dict[str, Any]:
        return await eventually(lambda: self._ended(job), f"job {job} ends", timeout_s)

    async def _ended(self, job: str) -> dict[str, Any] | None:
        found = await self.job(job)
        return found if found["state"] in ("done", "cancelled") else None

    async def results(self, job: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        cursor = None
        while True:
            parameters = {"limit": 1000} | ({"cursor": cursor} if cursor else {})
            page = await self.person.call(
                "GET", f"/api/jobs/{job}/results", params=parameters, headers={"Accept": "application/msgpack"}
            )
            items += page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return items

    async def totals(self) -> dict[str, int]:
        """Balance by kind of account."""
        books = await self.operator.call("GET", "/api/operator/books")
        return {total["kind"]: total["balance_micros"] for total in books["totals"]}


class CountedRuntime:
    """A real runtime that calls back after every bundle."""

    def __init__(self, inner: Runtime, on_run: Callable[[int], None]) -> None:
        self._inner = inner
        self._on_run = on_run
        self.id = inner.id

    async def start(self) -> None:
        await self._inner.start()

    async def run(self, work: Work) -> list[bytes]:
        outcomes = await self._inner.run(work)
        self._on_run(len(outcomes))
        return outcomes

    async def close(self) -> None:
        await self._inner.close()


class CountingRuntime(EchoRuntime):
    """Echoes, lies or dawdles when told to, and calls back after every bundle: how tests choose a moment."""

    def __init__(self, on_run: Callable[[int], None], liar: bool, slow_s: float = 0.0) -> None:
        super().__init__(RUNTIME_IDS["python"])
        self._on_run = on_run
        self._liar = liar
        self._slow_s = slow_s

    async def run(self, work: Work) -> list[bytes]:
        outcomes = await super().run(work)
        if self._slow_s:
            await asyncio.wait({asyncio.get_running_loop().create_future()}, timeout=self._slow_s)
        self._on_run(len(outcomes))
        if self._liar:
            return [outcome.value(b"lie " + outcome.payload(each)) for each in outcomes]
        return outcomes


class Fleet:
    """Nodes of as many owners, as tasks of this process."""

    def __init__(self, coordinator: CoordinatorProcess, folder: Path, *, sandboxed: tuple[str, ...] = ()) -> None:
        """`sandboxed`: the real runtimes that the nodes run instead of echoing."""
        self._coordinator = coordinator
        self._folder = folder
        self._sandboxed = sandboxed
        self._stack = AsyncExitStack()
        self.executed = 0
        self.on_executed: Callable[[int], None] = lambda total: None
        self.acknowledged: dict[str, set[int]] = {}
        """Node name -> task ids of acknowledged votes."""
        self.earned: dict[str, int] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> "Fleet":
        return self

    async def __aexit__(self, *error: object) -> None:
        for name in list(self._tasks):
            await self.kill(name)
        await self._stack.aclose()

    async def add(self, name: str, *, liar: bool = False, slow_s: float = 0.0) -> Person:
        """An owner with one node."""
        owner = await Person.register(self._coordinator.url, name)
        self._stack.push_async_callback(owner.http.aclose)
        await self.start(name, await owner.token("node"), liar=liar, slow_s=slow_s)
        return owner

    async def start(self, name: str, token: str, *, liar: bool = False, slow_s: float = 0.0, referee: str = "") -> None:
        cores = 1 if self._sandboxed else 2
        folder = self._folder / name
        options = Options(self._coordinator.url, token, cores, name, state_dir=folder, referee=referee)
        runtimes: list[Runtime] = [CountingRuntime(self._count, liar, slow_s)]
        if self._sandboxed:
            wanted = {RUNTIME_IDS[kind] for kind in self._sandboxed}
            offered = [each for each in available(cores, folder / "runtimes") if each.id in wanted]
            runtimes = [CountedRuntime(LyingRuntime(each, 1.0) if liar else each, self._count) for each in offered]
        self._tasks[name] = asyncio.create_task(self._live(name, options, runtimes))

    async def kill(self, name: str) -> None:
        """The node vanishes without a word."""
        task = self._tasks.pop(name)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def _live(self, name: str, options: Options, runtimes: list[Runtime]) -> None:
        async with open_node(options, lambda cores, folder: runtimes) as (node, link):
            leases: dict[int, int] = {}
            handle = link._handle

            def watch(effect: Effect) -> None:
                self._note(name, effect, leases)
                handle(effect)

            link._handle = watch
            await node.run(link)

    def _note(self, name: str, effect: Effect, leases: dict[int, int]) -> None:
        if isinstance(effect, Leased):
            leases[effect.lease.bundle] = len(effect.lease.arguments)
        elif isinstance(effect, Ended) and effect.end is End.ACKNOWLEDGED:
            tasks = range(effect.bundle, effect.bundle + leases[effect.bundle])
            self.acknowledged.setdefault(name, set()).update(tasks)

    def _count(self, tasks: int) -> None:
        self.executed += tasks
        self.on_executed(self.executed)
