"""Which of a job's ready bundles a node gets: chance among those that suit.

A vote must not be predictable (see domain/consensus.py), so the search starts at a random place and is bounded. What an
owner has to do with already is out of the question; a second vote from one network is avoided where that can be helped;
and where a single vote may do, newcomers check what others did while the proven go first.
"""

from we1web.engine.standing import Standing
from we1web.engine.state import Bundle, Job, State

SEARCH = 32
"""Bundles looked at before a node is set aside for this round."""
LOOK = 8
"""Bundles looked at for a better one, once one is found."""


def draw(state: State, job: Job, standing: Standing, now: float) -> Bundle | None:
    """A ready bundle for this node, None when the search finds none."""
    ready = job.ready
    size = len(ready)
    if not size:
        return None
    start = int(state.random() * size)
    bundle = ready[start]
    if standing.node.network or job.policy.checks:
        return _best(state, job, standing, start, now)
    owner = standing.node.owner
    if owner not in bundle.owners:
        return bundle
    for step in range(1, min(size, SEARCH)):
        bundle = ready[(start + step) % size]
        if owner not in bundle.owners:
            return bundle
    return None


def _best(state: State, job: Job, standing: Standing, start: int, now: float) -> Bundle | None:
    """The first that suits; else, after a few more, the first that is allowed."""
    ready, node, checks = job.ready, standing.node, job.policy.checks
    size = len(ready)
    stride = 1 if size <= SEARCH else int(size * 0.618)  # neighbours became ready together and are alike
    second: Bundle | None = None
    left = min(size, SEARCH)
    while left:
        bundle = ready[start]
        start = (start + stride) % size
        left -= 1
        if bundle.owners and (node.owner in bundle.owners or _crowded(state, bundle, node.network, now)):
            continue
        if not checks or _suits(bundle, standing.proven):
            return bundle
        if second is None:
            second, left = bundle, min(left, LOOK)
    return second


def _suits(bundle: Bundle, proven: bool) -> bool:
    """A newcomer checks what somebody voted on; a proven node goes first, or makes a vote of newcomers count."""
    if proven:
        return not any(ballot.standing.proven for ballot in bundle.ballots)
    return bool(bundle.ballots)


def _crowded(state: State, bundle: Bundle, network: str, now: float) -> bool:
    """Is a node of the same network at it already, where another one may still come?"""
    if not network:
        return False
    nodes = state.nodes
    for key in bundle.owners.values():
        if nodes[key].network == network:
            return _may_wait(state, bundle, now)
    return False


def _may_wait(state: State, bundle: Bundle, now: float) -> bool:
    """Is there still time, and a node in a network that has nothing to do with the bundle?"""
    if bundle.job.interactive or now - bundle.since >= state.settings.diversity_s:
        return False
    online = state.networks.get(bundle.job.runtime_id, set())
    return "" in online or not online <= {state.nodes[key].network for key in bundle.owners.values()}
