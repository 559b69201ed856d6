"""The requester's client: a function or a WebAssembly module out, agreed results back. The same line works locally:

    results = map(f, inputs)                        # here
    results = Client().map(f, inputs)               # there

It must never print on standard output, and never leave a job running that its caller interrupted without saying so.
"""

import collections
import contextlib
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, Unpack

import httpx2

from we1web.protocol.errors import We1webError
from we1web.sdk.async_client import DEFAULT_PRICE_MICROS, AsyncClient, AsyncMapJob, Order, ignore
from we1web.sdk.clock import Pacing
from we1web.sdk.loop import LoopThread
from we1web.sdk.models import Balance, Estimate, Job, PriceSuggestion
from we1web.sdk.money import Amount
from we1web.sdk.program import Runnable
from we1web.sdk.progress import Bar, ProgressSetting, listener_for
from we1web.sdk.results import Agreed, JobSummary, Result
from we1web.sdk.terms import Trust


class MapJob:
    """A running map. Iterate it once for the values: they come while the job runs; a failed task raises in its place
    and the iteration can go on after it. Leaving with Ctrl-C cancels the job, unless it is detached."""

    def __init__(
        self, loop: LoopThread, job: AsyncMapJob, *, return_errors: bool, detached: bool, bar: Bar | None
    ) -> None:
        self._loop = loop
        self._job = job
        self._return_errors = return_errors
        self._detached = detached
        self._bar = bar
        self._agreed: collections.deque[Agreed] = collections.deque()

    @property
    def job_id(self) -> str:
        """Comes back to this job: `client.attach(job_id)`. Empty when there was nothing to do."""
        return self._job.job_id

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        result = self._next()
        if result is None:
            raise StopIteration
        return result.error if self._return_errors and result.error else result.get()

    def results(self) -> Iterator[Result]:
        """The same stream as Result objects, failed tasks included: nothing is raised for them."""
        while (result := self._next()) is not None:
            yield result

    def _next(self) -> Result | None:
        try:
            if not self._agreed:
                self._agreed.extend(self._next_batch())
            return self._job.read(self._agreed.popleft()) if self._agreed else None
        except KeyboardInterrupt:
            self._interrupted()
            raise

    def _next_batch(self) -> list[Agreed]:
        batch: list[Agreed] = []
        try:
            batch = self._loop.run(self._job.next_batch())
        finally:
            if not batch:
                self._close_bar()
        return batch

    def _interrupted(self) -> None:
        """A second Ctrl-C while we say goodbye is just that: it must not hide what became of the job."""
        self._close_bar()
        if self._detached:
            self._loop.run(self._job.detach())
            print(f"detached; the job goes on: we1web results {self.job_id} --follow", file=sys.stderr)
            return
        with contextlib.suppress(We1webError):
            self.cancel()
            print(f"cancelled job {self.job_id}; what was agreed is paid, the rest comes back", file=sys.stderr)

    def _close_bar(self) -> None:
        if self._bar:
            self._bar.close()

    def cancel(self) -> None:
        """Withdraws open work: agreed work is paid, the rest of the budget comes back."""
        self._loop.run(self._job.cancel())

    def wait_submitted(self) -> None:
        """Until every input is with the coordinator: from then on the job needs us no more."""
        self._loop.run(self._job.wait_submitted())

    def detach(self) -> None:
        """Stops following; the job goes on."""
        self._loop.run(self._job.detach())
        self._close_bar()

    def summary(self) -> JobSummary:
        """The job in numbers, now: tasks, votes, cost, and why it waits if it does."""
        return self._loop.run(self._job.summary())


class Client:
    """A requester's connection to a coordinator.

    `url` and `token` default to WE1WEB_URL and WE1WEB_TOKEN, then to what `we1web login` stored.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        pacing: Pacing | None = None,
        http: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._async = AsyncClient(url, token, pacing=pacing, http=http)
        self._loop = LoopThread()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes connections. Jobs that still run go on; `attach` comes back to them."""
        with contextlib.suppress(RuntimeError):
            self._loop.run(self._async.close())
        self._loop.close()

    @property
    def url(self) -> str:
        return self._async.address.http

    def map(
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
        progress: ProgressSetting = None,
        return_errors: bool = False,
        detach: bool = False,
        **trust: Unpack[Trust],
    ) -> MapJob:
        """Runs `runnable` on every input, on other people's computers, and returns a handle that streams the values.

        `runnable` is a Python function, or a WebAssembly module as path or bytes (bytes in, bytes out). With several
        inputs it gets one item of each, as with the built-in map. `price` is what one agreeing execution costs
        ('0.0005' USD, a Decimal, or an int of micro-units); `budget` is the most the job may cost, by default half
        as much again as the estimate. `limits`: wall_s, memory_bytes, output_bytes, instructions of one task.
        `order`: 'input', or 'agreed' for each result as soon as it is there. What counts as the same answer, who may
        work and how sure it must be: see sdk/terms.py (validator, tolerance, verifier, epsilon, requirements...).
        `referee`: while the job is followed, disputes about it are decided on this machine, in its own sandbox.
        Raises CannotShip before anything is sent when the function cannot travel, BadTerms when terms contradict each
        other, and what the coordinator refuses (NotEnoughMoney, NotAuthenticated...).
        """
        listener = listener_for(progress, name or str(getattr(runnable, "__name__", "map")))
        job = self._loop.run(
            self._async.map(
                runnable,
                inputs,
                *more_inputs,
                price=price,
                budget=budget,
                policy=policy,
                strategy=strategy,
                limits=limits,
                order=order,
                name=name,
                entry=entry,
                deadline_s=deadline_s,
                referee=referee,
                listener=listener or ignore,
                **trust,
            )
        )
        bar = listener if isinstance(listener, Bar) else None
        return MapJob(self._loop, job, return_errors=return_errors, detached=detach, bar=bar)

    def attach(
        self,
        job_id: str,
        *,
        order: Order = "input",
        progress: ProgressSetting = None,
        return_errors: bool = False,
    ) -> MapJob:
        """Comes back to a job: all its results, those agreed in the meantime first. Ctrl-C only stops following."""
        listener = listener_for(progress, job_id[:8])
        job = self._loop.run(self._async.attach(job_id, order=order, listener=listener or ignore))
        bar = listener if isinstance(listener, Bar) else None
        return MapJob(self._loop, job, return_errors=return_errors, detached=True, bar=bar)

    def results(self, job_id: str) -> list[Result]:
        """What is agreed so far, in the order of agreement, each with its votes. Does not wait for more."""
        return self._loop.run(self._async.results(job_id))

    def estimate(self, n: int, price: Amount = DEFAULT_PRICE_MICROS, policy: str = "classic") -> Estimate:
        """What `n` tasks cost when nobody disagrees, and the budget we suggest."""
        return self._loop.run(self._async.estimate(n, price, policy))

    def suggest_price(self, task_s: float) -> PriceSuggestion:
        """What `price` should be for a task that takes so many seconds of one core: measure one, then ask."""
        return self._loop.run(self._async.suggest_price(task_s))

    def jobs(self, limit: int = 50) -> Sequence[Job]:
        """One's own jobs, newest first."""
        return self._loop.run(self._async.jobs(limit))

    def job(self, job_id: str) -> Job:
        return self._loop.run(self._async.job(job_id))

    def cancel(self, job_id: str) -> Job:
        """Cancels a job by its id."""
        return self._loop.run(self._async.cancel(job_id))

    def balances(self) -> Sequence[Balance]:
        """What the account has: to spend, earned, and held for running jobs; per currency."""
        return self._loop.run(self._async.balances())
