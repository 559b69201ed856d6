"""Agents that run here: a state folder with the benchmark in it, a coordinator driven by hand, gated runtimes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from we1web.agent import benchmark
from we1web.agent.runtime import Runtime, Work
from we1web.agent.service import Exit, Service
from we1web.agent.startup import Options
from we1web.protocol import outcome
from we1web.protocol.messages import JobInfo, Lease, Limits
from we1web.testing.lessor import Lessor
from we1web.testing.runtimes import EchoRuntime

LIMITS = Limits(10_000, 1 << 20, 1 << 20, 0)


class GatedRuntime(EchoRuntime):
    """Echoes when it is let; tells what started and what was killed."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.started: asyncio.Queue[Work] = asyncio.Queue()
        self.killed: asyncio.Queue[Work] = asyncio.Queue()
        self.closed = False
        self.starting = asyncio.Event()

    async def start(self) -> None:
        self.starting.set()

    async def run(self, work: Work) -> list[bytes]:
        self.started.put_nowait(work)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.killed.put_nowait(work)
            raise
        return await super().run(work)

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
async def coordinator() -> AsyncIterator[Lessor]:
    async with Lessor() as listening:
        yield listening


@pytest.fixture
def job(coordinator: Lessor) -> JobInfo:
    return JobInfo(1, "echo-1", coordinator.store(b"program"), "main", LIMITS)


@pytest.fixture
def gated() -> GatedRuntime:
    return GatedRuntime()


@pytest.fixture
def options(coordinator: Lessor, tmp_path: Path) -> Iterator[Options]:
    benchmark.speed_of(tmp_path / "benchmark.json", lambda: 1_000.0)
    yield Options(coordinator.url, "token", cores=2, name="attic", state_dir=tmp_path)


Start = Callable[..., "asyncio.Task[Exit]"]


class Agents:
    """Starts services and makes sure that they are gone at the end."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.tasks: list[asyncio.Task[Exit]] = []

    def start(self, *runtimes: Runtime, **changes: object) -> tuple[Service, "asyncio.Task[Exit]"]:
        service = Service(replace(self._options, **changes), lambda cores, cache: list(runtimes) or [EchoRuntime()])  # type: ignore[arg-type]
        task = asyncio.ensure_future(service.run())
        self.tasks.append(task)
        return service, task


@asynccontextmanager
async def _agents(options: Options) -> AsyncIterator[Agents]:
    agents = Agents(options)
    try:
        yield agents
    finally:
        for task in agents.tasks:
            task.cancel()
        await asyncio.gather(*agents.tasks, return_exceptions=True)


@pytest.fixture
async def agents(options: Options) -> AsyncIterator[Agents]:
    async with _agents(options) as running:
        yield running


def lease(bundle: int, *payloads: bytes) -> Lease:
    return Lease(bundle, 1, [outcome.inline(payload) for payload in payloads or (b"x",)], 60_000)
