"""The life of a task: one table of what may follow what, and the one function that moves along it.

The states are what a requester can be told. Everything that draws, stores or checks a task's state derives from
`TRANSITIONS` (spec/task-life.md is generated from it); no other module may decide that a task changes its state.
"""

from enum import StrEnum


class TaskState(StrEnum):
    QUEUED = "queued"
    """No vote counts yet: waiting for a node, or running on the first ones."""
    VOTING = "voting"
    """At least one vote, all equal so far."""
    DISPUTED = "disputed"
    """Votes differ: the panel is being widened."""
    VERIFIED = "verified"
    """A quorum agreed on a value."""
    FAILED = "failed"
    """A quorum agreed that the task raises an error, or it has no outcome, or the panel could not agree."""
    CANCELLED = "cancelled"
    """The requester did not want it any more."""


class TaskEvent(StrEnum):
    VOTED = "voted"
    """A vote that equals those before it, or one more vote in a dispute."""
    DISSENTED = "dissented"
    """A vote that differs from one before it."""
    LOST = "lost"
    """A node went away, ran out of time or gave the task back: nothing changes but where it runs."""
    RECONCILED = "reconciled"
    """Votes of an expelled node became void and those that remain are equal."""
    EMPTIED = "emptied"
    """Votes of an expelled node became void and none remains."""
    AGREED = "agreed"
    """The policy accepted a value."""
    AGREED_ERROR = "agreed_error"
    """The policy accepted an error: the task fails the same way wherever it runs."""
    GAVE_UP = "gave_up"
    """Too many owners report that the task ends without an outcome (see retry.py)."""
    SPLIT = "split"
    """No further owner can vote, or the panel is full, and nothing has the needed share."""
    CANCELLED = "cancelled"
    """The requester withdrew the task or its job."""


class IllegalTransition(AssertionError):
    """An event that cannot happen in this state: a bug in whoever reported it, never a user's fault."""


_Q, _V, _D = TaskState.QUEUED, TaskState.VOTING, TaskState.DISPUTED

TRANSITIONS: dict[tuple[TaskState, TaskEvent], TaskState] = {
    (_Q, TaskEvent.VOTED): _V,
    (_Q, TaskEvent.LOST): _Q,
    (_Q, TaskEvent.GAVE_UP): TaskState.FAILED,
    (_Q, TaskEvent.CANCELLED): TaskState.CANCELLED,
    (_V, TaskEvent.VOTED): _V,
    (_V, TaskEvent.DISSENTED): _D,
    (_V, TaskEvent.LOST): _V,
    (_V, TaskEvent.EMPTIED): _Q,
    (_V, TaskEvent.AGREED): TaskState.VERIFIED,
    (_V, TaskEvent.AGREED_ERROR): TaskState.FAILED,
    (_V, TaskEvent.GAVE_UP): TaskState.FAILED,
    (_V, TaskEvent.SPLIT): TaskState.FAILED,
    (_V, TaskEvent.CANCELLED): TaskState.CANCELLED,
    (_D, TaskEvent.VOTED): _D,
    (_D, TaskEvent.DISSENTED): _D,
    (_D, TaskEvent.LOST): _D,
    (_D, TaskEvent.RECONCILED): _V,
    (_D, TaskEvent.EMPTIED): _Q,
    (_D, TaskEvent.AGREED): TaskState.VERIFIED,
    (_D, TaskEvent.AGREED_ERROR): TaskState.FAILED,
    (_D, TaskEvent.GAVE_UP): TaskState.FAILED,
    (_D, TaskEvent.SPLIT): TaskState.FAILED,
    (_D, TaskEvent.CANCELLED): TaskState.CANCELLED,
}

ENDED: dict[TaskState, int] = {TaskState.VERIFIED: 1, TaskState.FAILED: 2, TaskState.CANCELLED: 3}
"""The states nothing leaves, and the number each is stored as; a task in any other state has no row of its own."""


def advance(state: TaskState, event: TaskEvent) -> TaskState:
    """The state after `event`. Raises IllegalTransition."""
    after = TRANSITIONS.get((state, event))
    if after is None:
        raise IllegalTransition(f"a task that is {state} cannot be {event}")
    return after
