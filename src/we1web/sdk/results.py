"""What comes back: encoded outcomes become values or typed errors, each with its votes. Decodes, never executes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from we1web.protocol import outcome, values
from we1web.sdk.errors import BadAnswer, JobCancelled, RemoteError, TaskFailed, limit_hit
from we1web.sdk.models import Job, Vote

Decode = Callable[[bytes], Any]


@dataclass(frozen=True, slots=True)
class Agreed:
    """One ended task as it came over the wire, its outcome whole."""

    index: int
    state: str
    outcome: bytes
    voters: int
    votes: tuple[Vote, ...] = ()


@dataclass(frozen=True)
class Result:
    """One task's end: its value or its error, and how many owners voted on it."""

    index: int
    """Place among the inputs."""
    state: str
    """verified, failed or cancelled."""
    value: Any
    error: TaskFailed | JobCancelled | BadAnswer | None
    voters: int
    votes: tuple[Vote, ...] = field(default=(), repr=False)
    """Who voted, when the results were read from the archive (Client.results)."""

    @property
    def ok(self) -> bool:
        return self.error is None

    def get(self) -> Any:
        """The value; raises the error."""
        if self.error is not None:
            raise self.error
        return self.value


@dataclass(frozen=True)
class JobSummary:
    """A job in numbers."""

    job_id: str
    state: str
    total: int
    verified: int
    failed: int
    executions: int
    redundancy: float
    """Executions for each ended task."""
    spent_micros: int
    budget_micros: int
    currency: str
    waiting: str
    """Why nothing runs; empty while something does."""


def summary_of(job: Job) -> JobSummary:
    ended = job.verified + job.failed
    redundancy = job.executions / ended if ended else 0.0
    money = (job.spent_micros, job.budget_micros, job.currency)
    return JobSummary(
        job.id, job.state, job.total, job.verified, job.failed, job.executions, redundancy, *money, job.waiting
    )


def decoder(runtime: str) -> Decode:
    """How the result bytes of a runtime become what the requester sees."""
    return values.loads if runtime == "python" else bytes


def read(agreed: Agreed, decode: Decode) -> Result:
    """Reads one task's outcome. Never raises: what is wrong with it is its `error`."""
    value, error = _content(agreed, decode)
    return Result(agreed.index, agreed.state, value, error, agreed.voters, agreed.votes)


def _content(agreed: Agreed, decode: Decode) -> tuple[Any, TaskFailed | JobCancelled | BadAnswer | None]:
    encoded = agreed.outcome
    if agreed.state == "cancelled" or not encoded:
        return None, _without_outcome(agreed)
    match encoded[0]:
        case outcome.VALUE:
            return _value(agreed, decode)
        case outcome.ERROR:
            failure = outcome.failure(encoded)
            return None, RemoteError(failure.type, failure.message, failure.traceback, index=agreed.index)
        case outcome.NONE:
            return None, limit_hit(encoded[1:].decode("ascii", "replace"), agreed.index)
    return None, BadAnswer(f"task {agreed.index} has an outcome of an unknown kind")


def _value(agreed: Agreed, decode: Decode) -> tuple[Any, BadAnswer | None]:
    try:
        return decode(outcome.payload(agreed.outcome)), None
    except values.CodecError as error:
        return None, BadAnswer(f"the result of task {agreed.index} cannot be decoded: {error}")


def _without_outcome(agreed: Agreed) -> TaskFailed | JobCancelled:
    if agreed.state == "cancelled":
        return JobCancelled(f"task {agreed.index} was cancelled")
    return TaskFailed(f"task {agreed.index} has no result", index=agreed.index, hint="`we1web jobs` says more")


class Collector:
    """Puts agreed tasks in order and keeps each once. Pure: what comes in, what may go out now."""

    def __init__(self, *, in_input_order: bool) -> None:
        self._in_input_order = in_input_order
        self._seen: set[int] = set()
        self._held: dict[int, Agreed] = {}
        self._next = 0

    def __contains__(self, index: int) -> bool:
        return index < self._next or index in self._seen

    @property
    def received(self) -> int:
        return self._next + len(self._seen)

    def add(self, agreed: Agreed) -> list[Agreed]:
        """Takes one task; returns those that may be handed on, in order. A repeated one gives nothing."""
        if agreed.index in self:
            return []
        self._seen.add(agreed.index)
        if self._in_input_order:
            self._held[agreed.index] = agreed
        return self._advance() or ([] if self._in_input_order else [agreed])

    def _advance(self) -> list[Agreed]:
        """Moves past the run of indexes that are all here, so that memory holds only what is out of order."""
        out = []
        while self._next in self._seen:
            self._seen.remove(self._next)
            if self._in_input_order:
                out.append(self._held.pop(self._next))
            self._next += 1
        return out

    def rest(self) -> list[Agreed]:
        """What is held back behind gaps that will never be filled (a cancelled job)."""
        held, self._held = self._held, {}
        return [held[index] for index in sorted(held)]
