"""Finding a task among the open bundles, and what can be said of its life. It changes nothing."""

from we1web.domain.task import TaskState
from we1web.engine.state import TASK_BITS, Bundle, State
from we1web.protocol import outcome


def find(state: State, task_id: int) -> tuple[Bundle | None, int]:
    """The bundle that holds a task, and its place there: bundles of a chunk start at multiples of their size."""
    start = task_id
    floor = task_id >> TASK_BITS << TASK_BITS
    while start >= floor:
        bundle = state.bundles.get(start)
        if bundle is not None:
            return (bundle, task_id - start) if task_id < start + bundle.n else (None, 0)
        start -= 1
    return None, 0


def votes(bundle: Bundle, place: int) -> list[bytes]:
    """The outcomes that nodes voted for one task of a bundle."""
    told = [ballot.outcomes[place] for ballot in bundle.ballots if place < len(ballot.outcomes)]
    return [encoded for encoded in told if encoded[0] != outcome.NONE]


def is_open(bundle: Bundle, place: int) -> bool:
    """Has the task not ended yet?"""
    return not bundle.settled and (bundle.final is None or place not in bundle.final)


def task_state(state: State, task_id: int) -> TaskState | None:
    """The state of an open task, None when it is not (or no longer) in the engine."""
    bundle, place = find(state, task_id)
    if bundle is None or not is_open(bundle, place):
        return None
    return (TaskState.QUEUED, TaskState.VOTING, TaskState.DISPUTED)[min(2, len(set(votes(bundle, place))))]
