"""The bonus for fast answers: until when a lease must be back, decided when it is given, by the coordinator's clock.

Every core of a node is a lane, and a lane is full until its last lease would be done at the pace that earns the bonus.
The first report is held against the earliest of these times, the second against the next, whichever bundles they are.
So whoever works through what it holds in order, at that pace, is in time with all of it, however much it prefetched;
and whoever is slower never is, whatever it holds back, reorders or says of itself. See docs/adr/0012.
"""

from heapq import heapreplace

from we1web.engine.state import Bundle, Job, Node, State
from we1web.engine.turns import UNKNOWN_TASK_S


def offer(job: Job, micros: int, within_s: float, reward_micros: int) -> None:
    """Before anything is given out: what a right vote costs more when it came within so long a task, and what its
    contributor gets of that."""
    job.bonus_micros, job.bonus_within_s, job.bonus_reward_micros = micros, within_s, reward_micros
    job.most_micros = job.price_micros + micros


def line_up(state: State, node: Node, now: float) -> None:
    """Before the node gets leases of a job with a bonus: its lanes are no fuller than what it still holds.

    So nobody saves up time by having been fast. Leases of jobs without a bonus come first, for as long as their tasks
    take on average.
    """
    start = now + _others_s(state, node)
    fresh = [start] * node.cores
    for bundle_id in node.due:
        heapreplace(fresh, fresh[0] + _allowed_s(state, node, bundle_id))
    before = sorted(node.lanes) if len(node.lanes) == node.cores else [start] * node.cores
    node.lanes = [max(start, min(old, new)) for old, new in zip(before, sorted(fresh), strict=True)]


def promise(node: Node, bundle: Bundle, tasks: int) -> None:
    """The node gets this lease, on the lane that is free first; `line_up` was called before."""
    until = node.lanes[0] + bundle.job.bonus_within_s * tasks
    heapreplace(node.lanes, until)
    node.due[bundle.id] = until


def came(node: Node, bundle_id: int, now: float) -> bool:
    """The report of a bundle that was given out for a bonus: is it in time? It uses up the earliest time there is."""
    until = node.due.pop(bundle_id)
    if node.due:
        first = min(node.due, key=node.due.__getitem__)
        if node.due[first] < until:
            node.due[first], until = until, node.due[first]
    return now <= until


def recount(state: State, node: Node) -> None:
    """A lease came to nothing: the others do not wait behind it any more, from the node's last report on.

    Otherwise taking two leases and giving one back would double the time for the other.
    """
    lanes = [node.meter.heard_at] * node.cores
    for bundle_id, until in node.due.items():
        start = max(node.held[bundle_id].granted, lanes[0])
        heapreplace(lanes, start + _allowed_s(state, node, bundle_id))
        node.due[bundle_id] = min(until, start + _allowed_s(state, node, bundle_id))


def _allowed_s(state: State, node: Node, bundle_id: int) -> float:
    return state.bundles[bundle_id].job.bonus_within_s * node.held[bundle_id].tasks


def _others_s(state: State, node: Node) -> float:
    """What the node holds without a bonus, shared by its cores."""
    if len(node.held) == len(node.due):
        return 0.0
    others = [(hold.tasks, state.bundles[i].job.task_s) for i, hold in node.held.items() if i not in node.due]
    return sum(tasks * (task_s or UNKNOWN_TASK_S) for tasks, task_s in others) / node.cores
