"""Serves a simulator on this machine only: in the running event loop, or in a thread of its own."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import TracebackType
from typing import Any, Self, TypeVar

import uvicorn

from we1web.testing.stripe_simulator.app import application
from we1web.testing.stripe_simulator.simulator import Simulator

LOOPBACK = "127.0.0.1"
T = TypeVar("T")


class _Server(uvicorn.Server):
    """Tells when it serves; leaves signals to whoever started it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(simulator: Simulator, port: int = 0) -> AsyncIterator[str]:
    """The address while the simulator is served in this loop; port 0 takes a free one. Raises OSError."""
    listener = _listen(port)
    config = uvicorn.Config(application(simulator), lifespan="off", log_level="critical", timeout_graceful_shutdown=1)
    server = _Server(config)
    running = asyncio.create_task(server.serve([listener]))
    try:
        await server.ready.wait()
        yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listener.close()


def _listen(port: int) -> socket.socket:
    """A socket that names TCP: asyncio sets TCP_NODELAY on no other, and each answer would wait 40 ms for an ACK."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


class BackgroundSimulator:
    """A simulator in a thread of its own, for code that blocks; nothing may touch it but through `run`."""

    def __init__(self, simulator: Simulator, port: int = 0) -> None:
        self._simulator = simulator
        self._port = port
        self._ready = threading.Event()
        self._failure: OSError | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        if self._failure:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def run(self, function: Callable[[Simulator], T]) -> T:
        """Calls a function with the simulator, in its thread."""

        async def call() -> T:
            return function(self._simulator)

        return asyncio.run_coroutine_threadsafe(call(), self._loop).result()

    def deliver(self) -> int:
        """One round of webhooks."""
        return asyncio.run_coroutine_threadsafe(self._simulator.deliver(), self._loop).result()

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        try:
            async with serving(self._simulator, self._port) as self.url:
                self._ready.set()
                await self._stopping.wait()
        except OSError as error:
            self._failure = error
            self._ready.set()
