"""The end of a job: what takes much longer than it should is given to one more node while nodes are idle.

A node that vanishes without a word keeps its leases until their deadline, and late in a job nothing else is left to do
meanwhile. So a lease that is late is written off: it may still bring a vote, which counts or is paid as surplus, but
nobody waits for it. At most `MAX_LATE` leases of a bundle are written off, one after the other, and only with money
that the votes still missing do not need.
"""

from we1web.engine import appetite, placement
from we1web.engine.pace import is_silent
from we1web.engine.state import Bundle, Hold, Job, Node, State

MAX_LATE = 3


def look(state: State, now: float) -> None:
    """Once a tick: nodes that fell silent get no more leases, and jobs at their end ask others."""
    for node in state.nodes.values():
        if (
            node.held
            and not node.silent
            and not node.referee
            and is_silent(node, state.settings.lateness, state.settings.late_s, now)
        ):
            node.silent = True
            appetite.update(state, node)
    for job in state.jobs.values():
        if job.leases and not job.ready and state.hungry.get(job.runtime_id):
            _ask_others(state, job, now)


def _ask_others(state: State, job: Job, now: float) -> None:
    """Idle nodes are there and nothing is ready: late bundles are."""
    late = [bundle for bundle in job.bundles.values() if _is_late(state, bundle, now)]
    if not late:
        return
    owners = appetite.owners_for(state, job, working=True)
    spare_micros = job.budget_micros - job.spent_micros - job.reserved_micros - _needed_micros(job)
    for bundle in late:
        cost = bundle.span * job.price_micros
        if cost > spare_micros or owners <= bundle.owners.keys():
            continue
        spare_micros -= cost
        bundle.late = {node.key for node, _ in _holders(state, bundle)}
        placement.want(state, bundle, 1, now)


def _is_late(state: State, bundle: Bundle, now: float) -> bool:
    """Every lease on it is late, and it can be helped once more."""
    if bundle.settled or bundle.want or bundle.appeal or bundle.held_at >= 0 or not 0 < bundle.leases <= MAX_LATE:
        return False
    return all(now > hold.late_at or node.silent or not node.alive for node, hold in _holders(state, bundle))


def _holders(state: State, bundle: Bundle) -> list[tuple[Node, Hold]]:
    nodes = [state.nodes[key] for key in bundle.owners.values()]
    return [(node, node.held[bundle.id]) for node in nodes if bundle.id in node.held]


def _needed_micros(job: Job) -> int:
    """What the votes still missing cost if all agree, those of tasks that are not in the engine yet included."""
    missing = elsewhere = 0
    for bundle in job.bundles.values():
        if not bundle.settled:
            votes = len(bundle.ballots) + bundle.leases
            missing += bundle.span * max(0, job.quorum - votes)
            elsewhere -= bundle.n if bundle.open is None else len(bundle.open)
    elsewhere += job.total - job.ended
    return (missing + max(0, elsewhere) * job.quorum) * job.price_micros
