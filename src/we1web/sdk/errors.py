"""What can go wrong for a requester, as types: the coordinator's refusals (problem+json), tasks that failed, the link.

Every one has `code`, `message`, `hint` and `retryable`; a code the coordinator invents tomorrow still finds a type.
"""

from typing import Any

from we1web.protocol.errors import We1webError


class ApiError(We1webError):
    """The coordinator refused a request."""

    code = "refused"
    status = 0


class NotAuthenticated(ApiError):
    """No token, or one that is expired, revoked or forged."""


class NotAllowed(ApiError):
    """The token lacks a scope, or the thing belongs to somebody else."""


class NotFound(ApiError):
    """There is no such thing, or it is not yours."""


class NotEnoughMoney(ApiError):
    """The wallet or the budget does not cover what was asked for."""


class Unavailable(ApiError):
    """The coordinator is not reachable, overloaded or broken; trying again later may help."""

    code = "unreachable"
    retryable = True


class BadAnswer(We1webError):
    """What answered is not a coordinator, or its answer does not fit what it announced."""

    code = "bad_answer"
    hint = "check the address; is it really a WE1WEB coordinator, and as new as this client?"


class BudgetMissing(We1webError):
    """The number of inputs is unknown, so no budget can be suggested."""

    code = "budget_missing"
    hint = "pass budget='1.00' (the most it may cost), or give the inputs as a list"


class BadInput(We1webError):
    """An input that cannot travel."""

    code = "bad_input"


class JobCancelled(We1webError):
    """The job was cancelled before all its tasks were done."""

    code = "job_cancelled"


class TaskFailed(We1webError):
    """One task has no result. `index` is its place among the inputs."""

    code = "task_failed"

    def __init__(self, message: str, *, index: int, code: str | None = None, hint: str | None = None) -> None:
        super().__init__(message, code=code, hint=hint)
        self.index = index


class RemoteError(TaskFailed):
    """The task raised, and the voters agree on it. `type`, `message` and `traceback` are what happened there."""

    code = "remote_error"

    def __init__(self, type: str, message: str, traceback: str, *, index: int) -> None:
        super().__init__(message, index=index)
        self.type = type
        self.traceback = traceback

    def __str__(self) -> str:
        headline = f"{self.type}: {self.message} (task {self.index})"
        return f"{headline}\n\nRemote traceback:\n{self.traceback.rstrip()}" if self.traceback else headline


_LIMITS = {
    "wall": "give limits={'wall_s': ...} more time, or split the input",
    "memory": "give limits={'memory_bytes': ...} more, or split the input",
    "output": "give limits={'output_bytes': ...} more, or return less",
    "instructions": "give limits={'instructions': ...} more, or split the input",
}


def limit_hit(code: str, index: int) -> TaskFailed:
    """The error of a task that three contributors could not finish."""
    hint = next((hint for word, hint in _LIMITS.items() if word in code), "try it with a smaller input")
    return TaskFailed(f"task {index} has no result: {code}", index=index, code=code, hint=hint)


_BY_STATUS: dict[int, type[ApiError]] = {
    401: NotAuthenticated,
    402: NotEnoughMoney,
    403: NotAllowed,
    404: NotFound,
    429: Unavailable,
}
_BY_CODE: dict[str, type[ApiError]] = {"budget_too_small": NotEnoughMoney, "insufficient_funds": NotEnoughMoney}


def from_problem(status: int, body: Any) -> ApiError:
    """The typed error for an answer that is none of ours to expect: problem+json, or whatever a proxy wrote."""
    problem = body if isinstance(body, dict) else {}
    code = str(problem.get("code") or problem.get("error_code") or f"http_{status}")
    kind = _BY_CODE.get(code) or _BY_STATUS.get(status) or (Unavailable if status >= 500 else ApiError)
    message = str(problem.get("detail") or problem.get("msg") or f"the coordinator answered {status}")
    retryable = bool(problem.get("retryable", kind.retryable))
    error = kind(message, code=code, hint=str(problem.get("hint") or ""), retryable=retryable)
    error.status = status
    return error
