"""What takes much longer than it should is given to one more node.

A node that vanishes without a word keeps its leases until their deadline. So a lease is written off when its node has
been silent for too long, or, at the end of a job while nodes are idle, when it alone is late: it may still bring a
vote, which counts or is paid as surplus, but nobody waits for it. At most `MAX_LATE` leases of a bundle are written
off, and only with money that the votes still missing do not need.

A silent node gets nothing more until it reports, whatever it reports. One that let all its leases run out is tried
again after a while, and after twice as long each time.
"""

from collections.abc import Iterable

from we1web.engine import appetite, placement
from we1web.engine.pace import is_silent, reckon
from we1web.engine.state import Bundle, Hold, Job, Node, State

MAX_LATE = 3
REST_S = 30.0
MAX_REST_S = 300.0


def look(state: State, now: float) -> None:
    """Once a tick: nodes that fell silent get no more leases and what they have is not counted on; jobs at their end
    ask others where it takes too long."""
    suspects: dict[Job, dict[int, Bundle]] = {}
    for node in state.nodes.values():
        if node.referee:
            continue
        _listen(state, node, now)
        if node.silent or not node.alive:
            for bundle_id in node.held:
                bundle = state.bundles[bundle_id]
                suspects.setdefault(bundle.job, {})[bundle_id] = bundle
    for job in state.jobs.values():
        if job.leases and not job.ready and state.hungry.get(job.runtime_id):
            suspects[job] = job.bundles
    for job, bundles in suspects.items():
        _ask_others(state, job, bundles.values(), now)


def _listen(state: State, node: Node, now: float) -> None:
    """Has the node become silent, or is a silent one worth another try?"""
    was_silent = node.silent
    if not node.held:
        node.silent &= now < node.meter.rests_until
    elif not was_silent:
        if node.meter.guessed:
            reckon(node, state.bundles)
        node.silent = is_silent(node, state.settings.lateness, state.settings.late_s, now)
    if node.silent != was_silent:
        appetite.update(state, node)


def ran_out(node: Node, now: float) -> None:
    """All leases of a silent node passed their deadline: it is not tried again at once."""
    meter = node.meter
    meter.rests_until = now + min(MAX_REST_S, REST_S * 2**meter.failed_tries)
    meter.failed_tries += 1


def _ask_others(state: State, job: Job, bundles: Iterable[Bundle], now: float) -> None:
    """One more replica of those that are late, as far as there is somebody else and money to spare."""
    late = [bundle for bundle in bundles if _is_late(state, bundle, now)]
    if not late:
        return
    owners = appetite.owners_for(state, job, working=True)
    spare_micros = job.budget_micros - job.spent_micros - job.reserved_micros - _needed_micros(job)
    for bundle in late:
        cost = bundle.span * job.most_micros
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
    """What the votes still missing cost at most if all agree, those of tasks not in the engine yet included."""
    missing = elsewhere = 0
    for bundle in job.bundles.values():
        if not bundle.settled:
            votes = len(bundle.ballots) + bundle.leases
            missing += bundle.span * max(0, job.quorum - votes)
            elsewhere -= bundle.n if bundle.open is None else len(bundle.open)
    elsewhere += job.total - job.ended
    return (missing + max(0, elsewhere) * job.quorum) * job.most_micros
