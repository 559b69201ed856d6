"""Which of a job's ready bundles a node gets: chance among those that suit.

A vote must not be predictable (see domain/consensus.py), so the search starts at a random place and is bounded. What an
owner has to do with already is out of the question; a second vote from one network is avoided where that can be helped;
and where a single vote may do, newcomers check what others did while the proven go first. Bundles with votes are not
preferred: what had its first vote late would end the job with three rounds, one after the other.
"""

from we1web.engine.standing import Standing
from we1web.engine.state import Bundle, Job, State

SEARCH = 32
"""Bundles looked at before a node is set aside for this round."""
LOOK = 8
"""Bundles looked at for a better one, once one is found."""


def draw(state: State, job: Job, standing: Standing, now: float) -> Bundle | None:
    """A ready bundle for this node: the first that suits, else the first that will do; None when there is none."""
    ready, node, checks = job.ready, standing.node, job.policy.checks
    size = len(ready)
    stride = 1 if size <= SEARCH else int(size * 0.618)  # neighbours became ready together and are alike
    place = int(state.random() * size)
    found: Bundle | None = None
    left = min(size, SEARCH)
    while left:
        bundle = ready[place]
        place = (place + stride) % size
        left -= 1
        if bundle.owners and (node.owner in bundle.owners or _crowded(state, bundle, node.network, now)):
            continue
        if not checks or _suits(bundle, standing.proven):
            return bundle
        if found is None:
            found, left = bundle, min(left, LOOK)
    return found


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
