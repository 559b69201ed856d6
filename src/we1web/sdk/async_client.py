"""The client for programs that run an event loop: jobs out, results in. The core that `Client` is a thin face of."""

import asyncio
import contextlib
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence, Sized
from types import TracebackType
from typing import Any, Literal, Self, Unpack

import httpx2

from we1web.sdk import config
from we1web.sdk.api import Api
from we1web.sdk.clock import Pacing
from we1web.sdk.credentials import token_source
from we1web.sdk.errors import BudgetMissing
from we1web.sdk.models import Balance, Estimate, Job, PriceSuggestion
from we1web.sdk.money import Amount, micros
from we1web.sdk.program import Program, Runnable, program_of, verifier_of
from we1web.sdk.referee import Referee
from we1web.sdk.results import Agreed, Decode, JobSummary, Result, decoder, read, summary_of
from we1web.sdk.run import JobRun, Link, Status
from we1web.sdk.submission import Batches, to_arguments
from we1web.sdk.subscription import events
from we1web.sdk.terms import Trust, order_of
from we1web.sdk.transport import Transport

DEFAULT_PRICE_MICROS = 100
"""A hundredth of a cent for one execution: what a second of one core is worth, roughly."""
Order = Literal["input", "agreed"]
Listener = Callable[[Status], None]


def ignore(_status: Status) -> None:
    """The listener of those who do not want to know."""


class AsyncMapJob:
    """A running map: iterate it for the values, in the order that was asked for. Errors are raised in their place."""

    def __init__(
        self,
        run: JobRun | None,
        link: Link,
        decode: Decode,
        *,
        listener: Listener = ignore,
        referee: Referee | None = None,
    ) -> None:
        self._run = run
        self._link = link
        self._referee = referee
        self._decode = decode
        self._queue: asyncio.Queue[list[Agreed] | None] = asyncio.Queue()
        self._batch: list[Agreed] = []
        self._task = asyncio.create_task(self._work(listener)) if run else None

    @property
    def job_id(self) -> str:
        """Empty when there was nothing to do."""
        return self._run.status.job_id if self._run else ""

    async def _work(self, listener: Listener) -> None:
        assert self._run is not None
        try:
            async with self._referee or contextlib.nullcontext():
                await self._run.work(self._queue.put_nowait, listener)
        finally:
            self._queue.put_nowait(None)

    async def next_batch(self) -> list[Agreed]:
        """The next ended tasks, still encoded; empty at the end. Raises what ended the job early."""
        if self._task is None:
            return []
        batch = await self._queue.get()
        if batch is None and self._task is not None:
            task, self._task = self._task, None
            await task
        return batch or []

    async def _next_agreed(self) -> Agreed | None:
        if not self._batch:
            self._batch = (await self.next_batch())[::-1]
        return self._batch.pop() if self._batch else None

    def read(self, agreed: Agreed) -> Result:
        return read(agreed, self._decode)

    async def results(self) -> AsyncIterator[Result]:
        """The tasks as Result objects: failed ones too, nothing is raised for them."""
        while (agreed := await self._next_agreed()) is not None:
            yield self.read(agreed)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        agreed = await self._next_agreed()
        if agreed is None:
            raise StopAsyncIteration
        return self.read(agreed).get()

    async def cancel(self) -> None:
        """Withdraws open work; agreed work is paid, the rest of the budget comes back."""
        if self._run:
            await self._link.api.cancel_job(self.job_id)

    async def summary(self) -> JobSummary:
        """The job in numbers, now."""
        if not self._run:
            return JobSummary("", "done", 0, 0, 0, 0, 0.0, 0, 0, "usd", "")
        return summary_of(await self._link.api.job(self.job_id))

    async def wait_submitted(self) -> None:
        """Until every input is with the coordinator: from then on the job needs us no more."""
        if self._run:
            await self._run.submitted.wait()

    async def detach(self) -> None:
        """Stops following; the job goes on, `attach(job_id)` comes back to it."""
        task, self._task = self._task, None
        if task:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


class AsyncClient:
    """A requester's connection to a coordinator."""

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        pacing: Pacing | None = None,
        http: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._pacing = pacing or Pacing()
        source = token_source(url, token, self._pacing, http)
        self.address = config.address(source.url)
        transport = Transport(self.address.http, source.token, self._pacing, http)
        self._token = source.token
        self.api = Api(transport)
        self._link = Link(Api(transport.of_a_job()), self._subscribe(source.token), self._pacing)
        self._followed: weakref.WeakSet[AsyncMapJob] = weakref.WeakSet()

    def _subscribe(self, token: Callable[[], Awaitable[str]]) -> Callable[[str], Any]:
        return lambda job_id: events(self.address.websocket, token, job_id)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Stops following jobs (they go on; `attach` comes back to them) and closes connections."""
        await asyncio.gather(*(job.detach() for job in list(self._followed)))
        await self.api.close()

    def _following(
        self, run: JobRun | None, runtime: str, listener: Listener, referee: Referee | None = None
    ) -> AsyncMapJob:
        job = AsyncMapJob(run, self._link, decoder(runtime), listener=listener, referee=referee)
        self._followed.add(job)
        return job

    async def map(
        self,
        runnable: Runnable,
        inputs: Iterable[Any],
        *more_inputs: Iterable[Any],
        price: Amount = DEFAULT_PRICE_MICROS,
        budget: Amount | None = None,
        policy: str = "classic",
        strategy: str | None = None,
        limits: Mapping[str, float] | None = None,
        order: Order = "input",
        name: str | None = None,
        entry: str = "",
        deadline_s: float | None = None,
        referee: bool = False,
        listener: Listener = ignore,
        **trust: Unpack[Trust],
    ) -> AsyncMapJob:
        """Runs `runnable` on every input (on every tuple of one item each, when there are more inputs).

        With `referee` this machine decides disputes about the job while it is followed (sdk/referee.py).
        """
        columns = [inputs, *more_inputs]
        program = program_of(runnable, len(columns), entry)
        agreed = order_of(policy, trust)
        verifier = trust.get("verifier")
        checker = verifier_of(verifier, program, trust.get("verifier_entry", "")) if verifier is not None else None
        known = _length(columns)
        terms = {"policy": policy, "price_micros": micros(price), "limits": dict(limits or {}), **agreed}
        if strategy is not None:
            terms["strategy"] = strategy
        terms["budget_micros"] = await self._budget(budget, known, terms)
        terms["name"] = name or program.name
        if deadline_s is not None:
            terms["deadline_s"] = deadline_s
        batches = Batches(zip(*columns, strict=False), program.encode, known=known)
        try:
            run = await self._start(program, checker, terms, batches, in_input_order=order == "input")
        except BaseException:
            batches.stop()
            raise
        judge = Referee(self.address.http, await self._token(), run.status.job_id) if referee and run else None
        return self._following(run, program.runtime, listener, judge)

    async def _start(
        self,
        program: Program,
        verifier: Program | None,
        terms: dict[str, Any],
        batches: Batches,
        *,
        in_input_order: bool,
    ) -> JobRun | None:
        """Creates the job with the first inputs; None when there are none."""
        batch = await batches.take()
        if not batch.payloads:
            return None
        digest, arguments = await asyncio.gather(
            self.api.put_blob(program.content), to_arguments(self.api, batch.payloads)
        )
        if verifier:
            stored = await self.api.put_blob(verifier.content)
            terms |= {"verifier": stored.hex(), "verifier_entry": verifier.entry}
        order = {**terms, "runtime": program.runtime, "program": digest.hex(), "entry": program.entry}
        job = await self.api.create_job(order, arguments, complete=batch.last)
        return JobRun(self._link, job, in_input_order=in_input_order, batches=None if batch.last else batches)

    async def _budget(self, budget: Amount | None, known: int | None, terms: Mapping[str, Any]) -> int:
        if budget is not None:
            return micros(budget)
        if known is None:
            raise BudgetMissing("how much may it cost? The inputs have no length, so nobody can tell")
        if known == 0:
            return 0
        asked = (terms["price_micros"], terms["policy"], terms.get("bonus_micros", 0), terms.get("currency"))
        return (await self.api.estimate(known, *asked)).budget_micros

    async def attach(self, job_id: str, *, order: Order = "input", listener: Listener = ignore) -> AsyncMapJob:
        """Comes back to a job by its id: all its results, those agreed in the meantime first."""
        job = await self.api.job(job_id)
        run = JobRun(self._link, job, in_input_order=order == "input")
        return self._following(run, job.runtime, listener)

    async def results(self, job_id: str) -> list[Result]:
        """What is agreed so far, in the order of agreement, each with its votes. Does not wait for more."""
        job = await self.api.job(job_id)
        found: list[Agreed] = []
        await JobRun(self._link, job, in_input_order=False).catch_up(found.extend)
        return [read(agreed, decoder(job.runtime)) for agreed in found]

    async def estimate(self, n: int, price: Amount = DEFAULT_PRICE_MICROS, policy: str = "classic") -> Estimate:
        """What `n` tasks cost when nobody disagrees, and the budget we suggest."""
        return await self.api.estimate(n, micros(price), policy)

    async def suggest_price(self, task_s: float) -> PriceSuggestion:
        """What `price` should be for a task that takes so many seconds of one core: measure one, then ask."""
        return await self.api.price(task_s)

    async def jobs(self, limit: int = 50) -> Sequence[Job]:
        """One's own jobs, newest first."""
        return (await self.api.jobs(limit)).items

    async def job(self, job_id: str) -> Job:
        return await self.api.job(job_id)

    async def cancel(self, job_id: str) -> Job:
        return await self.api.cancel_job(job_id)

    async def balances(self) -> Sequence[Balance]:
        return (await self.api.balances()).balances


def _length(columns: Sequence[Iterable[Any]]) -> int | None:
    """How many calls there will be, if every input knows its length or at least one bounds the others."""
    lengths = [len(column) for column in columns if isinstance(column, Sized)]
    return min(lengths) if len(lengths) == len(columns) else None
