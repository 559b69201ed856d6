"""A small honest coordinator for tests of programs that use the SDK: real HTTP, real WebSocket, no nodes, no database.

It runs Python jobs in this very process, so it is for code that its user trusts, and never for a network. Every task
is agreed on by three voters who do not exist. Faults (refusals, dropped connections) are injected by its methods.
"""

import asyncio
import sys
import threading
import traceback
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from types import ModuleType, TracebackType
from typing import Any, Self

import uvicorn

from we1web.domain import pricing
from we1web.domain.strategy import DEFAULT_STRATEGY
from we1web.protocol import outcome, values
from we1web.protocol.limits import INLINE_BYTES
from we1web.protocol.messages import Completed, JobProgress

VOTERS = 3
TOKEN = "we1_" + "t" * 43
ORDER_FIELDS = {
    "name", "runtime", "program", "entry", "policy", "strategy", "price_micros", "budget_micros", "limits",
    "deadline_s", "validator", "validator_parameters", "verifier", "verifier_entry", "epsilon", "requirements",
    "weight", "priority", "hold_s", "purpose", "bonus_micros", "bonus_within_s", "currency",
}  # fmt: skip
"""What a job may say of itself; `FakeJob.order` remembers what it did say."""
NOW = "2026-01-01T00:00:00Z"
CURRENCY = "usd"


@dataclass
class Fault:
    """What goes wrong with the next request whose method and path begin so."""

    method: str
    path: str
    status: int
    """0: the connection is cut in the middle of the answer."""
    headers: dict[str, str] = field(default_factory=dict)
    code: str = "unavailable"
    after: bool = False
    """The request is carried out, only its answer is lost to the fault."""


@dataclass
class FakeTask:
    index: int
    state: str
    outcome: bytes


@dataclass
class FakeJob:
    """One job: its order, its arguments, and the tasks that ended, in the order of agreement."""

    id: str
    key: int
    order: dict[str, Any]
    program: bytes
    state: str = "open"
    arguments: list[bytes] = field(default_factory=list)
    ended: list[FakeTask] = field(default_factory=list)
    sequences: dict[int, list[bytes]] = field(default_factory=dict)
    next_index: int = 0

    @property
    def spent_micros(self) -> int:
        return len([task for task in self.ended if task.state != "cancelled"]) * VOTERS * self.price_micros

    @property
    def price_micros(self) -> int:
        return int(self.order["price_micros"])

    def view(self) -> dict[str, Any]:
        counts = {state: sum(task.state == state for task in self.ended) for state in ("verified", "failed")}
        named = {name: self.order[name] for name in ("name", "runtime", "policy", "price_micros")}
        named["strategy"] = self.order.get("strategy", DEFAULT_STRATEGY)
        money = {"budget_micros": self.order["budget_micros"], "spent_micros": self.spent_micros}
        money["currency"] = self.order.get("currency") or CURRENCY
        times = {"created_at": NOW, "closed_at": None, "ended_at": None}
        numbers = {"total": len(self.arguments), "executions": VOTERS * len(self.ended), **counts}
        return {"id": self.id, "state": self.state, "waiting": "", **named, **money, **times, **numbers}


Refuse = Callable[[int, str, str], Exception]


class FakeMarket:
    """The state of the fake and what happens in it. Lives in one event loop; the routes are in fake_routes.py."""

    def __init__(self) -> None:
        self.jobs: dict[str, FakeJob] = {}
        self.blobs: dict[bytes, bytes] = {}
        self.answers: dict[str, bytes] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.faults: deque[Fault] = deque()
        self.drops: deque[int] = deque()
        """For each coming subscription: after how many events its connection is cut."""
        self.held = False
        self.newest_first = False
        self.tokens: dict[str, dict[str, Any]] = {}
        self.disputes: dict[int, dict[str, Any]] = {}
        """By number, as the interface shows them."""
        self.reasons: dict[str, dict[str, Any]] = {}
        """By 'jobs/ID', 'tasks/ID' or 'nodes/ID', what is said about why it waits."""
        self.refresh_tokens = {"refresh-0"}
        self.accounts: dict[str, str] = {}
        self.wallet_micros = 1_000_000_000
        self.subscribers: dict[str, list[asyncio.Queue[Any]]] = {}

    def open_job(self, order: dict[str, Any], arguments: list[bytes], *, complete: bool) -> FakeJob:
        program = self.blobs[bytes.fromhex(order["program"])]
        job = FakeJob(str(uuid.UUID(int=len(self.jobs) + 1)), len(self.jobs) + 1, order, program)
        self.jobs[job.id] = job
        self.grow(job, arguments, complete=complete)
        return job

    def grow(self, job: FakeJob, arguments: list[bytes], *, complete: bool) -> None:
        job.arguments += arguments
        job.state = "running" if complete else job.state
        if not self.held:
            self.advance(job)

    def advance(self, job: FakeJob, count: int | None = None) -> None:
        """Agrees on the next `count` tasks of a job, all that are there by default."""
        upto = len(job.arguments) if count is None else min(job.next_index + count, len(job.arguments))
        places = list(range(job.next_index, upto))
        fresh = [self._run(job, index) for index in (places[::-1] if self.newest_first else places)]
        job.next_index = upto
        job.ended += fresh
        if job.state == "running" and len(job.ended) == len(job.arguments):
            job.state = "done"
        self.tell(job, fresh)

    def cancel(self, job: FakeJob) -> None:
        if job.state not in ("done", "cancelled"):
            job.state = "cancelled"
            self.tell(job, [])

    def tell(self, job: FakeJob, fresh: list[FakeTask]) -> None:
        for queue in self.subscribers.get(job.id, []):
            for event in events_of(job, fresh):
                queue.put_nowait(event)

    def _run(self, job: FakeJob, index: int) -> FakeTask:
        argument = job.arguments[index]
        named = outcome.blob_of(argument)
        payload = self.blobs[named[0]] if named else argument[1:]
        encoded = run_python(job.program, job.order["entry"], payload)
        state = "verified" if encoded[0] == outcome.VALUE else "failed"
        if len(encoded) > INLINE_BYTES:
            digest = sha256(encoded).digest()
            self.blobs[digest] = encoded
            encoded = outcome.reference(digest, len(encoded))
        return FakeTask(index, state, encoded)

    def estimate(self, n: int, price_micros: int, bonus_micros: int = 0, currency: str = CURRENCY) -> dict[str, Any]:
        cost, bonuses = (pricing.estimate(n, micros, VOTERS) for micros in (price_micros, bonus_micros))
        budget = pricing.default_budget(cost + bonuses)
        fee = pricing.fee(price_micros)
        return {
            "n": n,
            "quorum": VOTERS,
            "estimate_micros": cost,
            "bonuses_micros": bonuses,
            "budget_micros": budget,
            "fee_micros": fee,
            "currency": currency,
        }


def events_of(job: FakeJob, tasks: list[FakeTask]) -> list[Completed | JobProgress]:
    """What a subscriber hears of these tasks: frames of at most 100 of them, then the job in numbers."""
    events: list[Completed | JobProgress] = []
    for start in range(0, len(tasks), 100):
        part = tasks[start : start + 100]
        indexes, states = [task.index for task in part], [task.state for task in part]
        events.append(Completed(job.id, indexes, states, [task.outcome for task in part], [VOTERS] * len(part)))
    view = job.view()
    numbers = (view["total"], view["verified"], view["failed"], view["spent_micros"], view["executions"])
    return [*events, JobProgress(job.id, job.state, *numbers)]


def run_python(source: bytes, entry: str, payload: bytes) -> bytes:
    """The outcome of one call of trusted code, in this process and without limits."""
    module = ModuleType("we1web_fake_task")
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, "<task>", "exec"), module.__dict__)  # noqa: S102 trusted code, see the module docstring
        result = module.__dict__[entry](*values.loads(payload))
        return outcome.value(values.dumps(result))
    except Exception as error:
        trace = "".join(traceback.format_exception(error))
        return outcome.error(outcome.RemoteFailure(type(error).__name__, str(error), trace))


class FakeCoordinator:
    """Starts on a free port in a thread of its own; use it in a `with`.

    `url` and `token` are what a Client needs. `run(function, *args)` calls a function inside the fake's event loop:
    the way to look into `market` or to change it while it serves.
    """

    def __init__(self) -> None:
        from we1web.testing.fake_routes import build

        self.market = FakeMarket()
        self.token = TOKEN
        self.url = ""
        config = uvicorn.Config(build(self.market), "127.0.0.1", 0, log_level="critical", lifespan="off")
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._server.run, name="fake-coordinator", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server.ready.wait()
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join()

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Calls a function inside the fake's event loop and waits for it."""

        async def call() -> Any:
            result = function(*arguments)
            return await result if isinstance(result, Awaitable) else result

        assert self._server.loop is not None
        return asyncio.run_coroutine_threadsafe(call(), self._server.loop).result()


class _Server(uvicorn.Server):
    """Tells when it serves, and in which loop; leaves signals alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.loop = asyncio.get_running_loop()
        self.ready.set()
