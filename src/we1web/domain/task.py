"""The life of a task: one table of what may follow what, and the one function that moves along it.

The states are what a requester can be told. Everything that draws, stores or checks a task's state derives from
`TRANSITIONS` (spec/task-life.md is generated from it); no other module may decide that a task changes its state.
"""

from enum import StrEnum


class TaskState(StrEnum):
    QUEUED = "queued"
    VOTING = "voting"
    DISPUTED = "disputed"
    VERIFIED = "verified"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TaskEvent(StrEnum):
    VOTED = "voted"
    DISSENTED = "dissented"
    LOST = "lost"
    RECONCILED = "reconciled"
    EMPTIED = "emptied"
    AGREED = "agreed"
    AGREED_ERROR = "agreed_error"
    GAVE_UP = "gave_up"
    SPLIT = "split"
    CANCELLED = "cancelled"


STATES: dict[TaskState, str] = {
    TaskState.QUEUED: "no vote counts yet: it waits for a node, or runs on the first ones",
    TaskState.VOTING: "at least one vote, all equal so far",
    TaskState.DISPUTED: "votes differ; the panel is being widened",
    TaskState.VERIFIED: "a quorum agreed on a value; who agreed is paid",
    TaskState.FAILED: "a quorum agreed on an error (paid), or there is no outcome or no agreement (both unpaid)",
    TaskState.CANCELLED: "the requester withdrew it",
}

EVENTS: dict[TaskEvent, str] = {
    TaskEvent.VOTED: "a vote equal to those before it, or one more vote in a dispute",
    TaskEvent.DISSENTED: "a vote that differs from one before it",
    TaskEvent.LOST: "a node vanished, was late or gave the task back; it uses up nothing",
    TaskEvent.RECONCILED: "votes of an expelled node became void; those left are equal",
    TaskEvent.EMPTIED: "votes of an expelled node became void; no other was there",
    TaskEvent.AGREED: "the policy accepted a value",
    TaskEvent.AGREED_ERROR: "the policy accepted an error: the task fails the same way wherever it runs",
    TaskEvent.GAVE_UP: "three owners report that it ends without an outcome",
    TaskEvent.SPLIT: "nobody is left to ask, or the panel is full, and nothing has the needed share",
    TaskEvent.CANCELLED: "the requester withdrew the task or its job",
}


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
    (_V, TaskEvent.RECONCILED): _V,
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
