"""One job from its first batch to its last result: submits what is left, follows what is agreed, survives the link.

Results come live over the WebSocket; whenever that breaks, what was missed is read over HTTP and the subscription is
taken up again. It must never hand a result on twice, and never lose one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from hashlib import sha256

from we1web.protocol import outcome
from we1web.protocol.messages import Completed, JobProgress
from we1web.sdk.api import Api
from we1web.sdk.clock import Pacing
from we1web.sdk.errors import BadAnswer, JobCancelled
from we1web.sdk.models import Job, ResultItem
from we1web.sdk.results import Agreed, Collector
from we1web.sdk.submission import PARALLEL_UPLOADS, Batches, to_arguments
from we1web.sdk.subscription import Disconnected, Event

ENDED = ("done", "cancelled")


@dataclass(frozen=True)
class Link:
    """The ways to one coordinator."""

    api: Api
    subscribe: Callable[[str], AsyncIterator[Event]]
    pacing: Pacing


@dataclass
class Status:
    """A job as far as we know: updated in place, read by progress bars."""

    job_id: str
    state: str
    total: int
    """Tasks submitted so far."""
    complete: bool
    """True: no more will come."""
    received: int = 0
    failed: int = 0
    spent_micros: int = 0
    currency: str = "usd"
    waiting: str = ""


Sink = Callable[[list[Agreed]], None]


class JobRun:
    """Drives one job. `sink` gets agreed tasks as they may be handed on; `changed` hears of every news."""

    def __init__(self, link: Link, job: Job, *, in_input_order: bool, batches: Batches | None = None) -> None:
        self.status = Status(job.id, job.state, job.total, complete=batches is None and job.state != "open")
        self.status.currency = job.currency
        self._link = link
        self._batches = batches
        self._collector = Collector(in_input_order=in_input_order)
        self._cursor: str | None = None
        self._gate = asyncio.Semaphore(PARALLEL_UPLOADS)
        self.submitted = asyncio.Event()
        """Set when every input is out, or none will follow."""

    async def work(self, sink: Sink, changed: Callable[[Status], None]) -> None:
        """Runs to the end of the job. Raises what ended it early, after everything agreed was handed on."""
        submit = asyncio.create_task(self._submit(changed))
        follow = asyncio.create_task(self._follow(sink, changed))
        try:
            await asyncio.wait({submit, follow}, return_when=asyncio.FIRST_EXCEPTION)
            if submit.done() and not submit.cancelled() and submit.exception():
                await self._link.api.cancel_job(self.status.job_id)
            if submit.done():
                submit.result()
            await follow
        finally:
            self.submitted.set()
            submit.cancel()
            follow.cancel()
            if self._batches:
                self._batches.stop()
        if rest := self._collector.rest():
            sink(rest)
        missing = self.status.total - self._collector.received
        if missing:
            raise JobCancelled(f"the job is {self.status.state}; {missing} of its tasks have no result")

    # --- out

    async def _submit(self, changed: Callable[[Status], None]) -> None:
        sequence = 0
        while self._batches and not self.status.complete:
            batch = await self._batches.take()
            if batch.payloads:
                arguments = await to_arguments(self._link.api, batch.payloads)
                await self._link.api.add_tasks(self.status.job_id, sequence, arguments, complete=batch.last)
                sequence += 1
            else:
                await self._link.api.close_job(self.status.job_id)
            self.status.total += len(batch.payloads)
            self.status.complete = batch.last
            changed(self.status)
        self.submitted.set()

    # --- in

    @property
    def _finished(self) -> bool:
        return self.status.complete and self._collector.received >= self.status.total

    async def _follow(self, sink: Sink, changed: Callable[[Status], None]) -> None:
        failures = 0
        while not self._finished:
            if self.status.state not in ENDED:
                failures = 0 if await self._listen(sink, changed) else failures + 1
                self._lost(changed)
            await self.catch_up(sink, changed)
            if self._finished or self.status.state in ENDED:
                return
            await self._link.pacing.sleep(self._link.pacing.delay_s(failures))

    async def _listen(self, sink: Sink, changed: Callable[[Status], None]) -> bool:
        """Takes events until the job ends or the link breaks; True when at least one came."""
        heard = False
        try:
            async with aclosing(self._link.subscribe(self.status.job_id)) as events:  # type: ignore[type-var]
                async for event in events:
                    heard = True
                    await self._on_event(event, sink, changed)
                    if self._finished or self.status.state in ENDED:
                        break
        except Disconnected:
            return heard
        return heard

    def _lost(self, changed: Callable[[Status], None]) -> None:
        """Whoever looks on shall know why nothing moves; the next answer of the coordinator says otherwise."""
        if not self._finished and self.status.state not in ENDED:
            self.status.waiting = "the connection is lost; trying again"
            changed(self.status)

    async def _on_event(self, event: Event, sink: Sink, changed: Callable[[Status], None]) -> None:
        if isinstance(event, JobProgress):
            self._on_progress(event)
        else:
            whole, named = _split(event)
            self._take(whole, sink)
            if any(agreed.index not in self._collector for agreed in named):
                await self.catch_up(sink, changed)
        changed(self.status)

    def _on_progress(self, event: JobProgress) -> None:
        status = self.status
        status.state, status.spent_micros, status.waiting = event.state, event.spent_micros, event.waiting
        if not self._batches:
            status.total, status.complete = event.total, event.state != "open"

    async def catch_up(self, sink: Sink, changed: Callable[[Status], None] = lambda status: None) -> None:
        """Reads over HTTP what was agreed since the last look. The last page is read again: it may have grown."""
        job = await self._link.api.job(self.status.job_id)
        while True:
            page = await self._link.api.results(self.status.job_id, self._cursor)
            new = [item for item in page.items if item.index not in self._collector]
            self._take(list(await asyncio.gather(*map(self._whole, new))), sink)
            if page.next_cursor is None:
                break
            self._cursor = page.next_cursor
        self._on_job(job)
        changed(self.status)

    def _on_job(self, job: Job) -> None:
        """The job was read before its results, so an ended one has no results that we have not seen."""
        status = self.status
        status.state, status.spent_micros, status.waiting = job.state, job.spent_micros, job.waiting
        if not self._batches:
            status.total, status.complete = job.total, job.state != "open"

    async def _whole(self, item: ResultItem) -> Agreed:
        """A task with the full bytes of its outcome, wherever they are kept."""
        encoded = item.outcome or b""
        named = outcome.blob_of(encoded)
        if named:
            async with self._gate:
                encoded = await self._link.api.outcome(item.task)
            if sha256(encoded).digest() != named[0]:
                raise BadAnswer(f"the outcome of task {item.index} is not what was agreed on")
        return Agreed(item.index, item.state, encoded, len(item.votes), tuple(item.votes))

    def _take(self, agreed: list[Agreed], sink: Sink) -> None:
        ready: list[Agreed] = []
        for one in agreed:
            if one.index not in self._collector:
                self.status.failed += one.state != "verified"
                ready += self._collector.add(one)
        self.status.received = self._collector.received
        if ready:
            sink(ready)


def _split(event: Completed) -> tuple[list[Agreed], list[Agreed]]:
    """Tasks whose outcome came along, and those whose outcome is only named: a blob that is read over HTTP."""
    whole: list[Agreed] = []
    named: list[Agreed] = []
    outcomes = event.outcomes or [b""] * len(event.indexes)
    votes = event.votes or [0] * len(event.indexes)
    for index, state, encoded, voters in zip(event.indexes, event.states, outcomes, votes, strict=True):
        agreed = Agreed(index, state, encoded, voters)
        (named if outcome.blob_of(encoded) else whole).append(agreed)
    return whole, named
