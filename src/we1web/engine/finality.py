"""What follows from verdicts: liars are found out and expelled, what rested on them is looked at again, the rest ends.

When a voter is found out, every acceptance that rests on it and is not final is taken back and another owner is asked;
whoever then turns out to have lied is found out in turn (recall).
"""

from we1web.domain import reputation
from we1web.engine import appetite, holding, leases, voting
from we1web.engine.effects import Withdrawn
from we1web.engine.standing import Standing
from we1web.engine.state import Bundle, Job, State, runtime_class


def conclude(state: State, now: float) -> None:
    """Acts on what was learnt since the last call, until nothing follows any more; then ends what is due."""
    while state.found_out or state.expelled:
        found_out, state.found_out = state.found_out, {}
        for standing in found_out:
            _recall(state, standing, now)
        due, state.expelled = state.expelled, {}
        for standing, proof in due.items():
            _expel(state, standing, proof, now)
    if state.holding:
        _finish(state, now)


def _recall(state: State, standing: Standing, now: float) -> None:
    """Takes back every acceptance that rests on this node: each gets another look."""
    for bundle in list(standing.held.values()):
        holding.release(state, bundle)
        bundle.recalls += 1
        bundle.draw = 0.0
        bundle.verified = True
        voting.unanimous(state, bundle, now)


def _finish(state: State, now: float) -> None:
    """Makes final what was held long enough, and all of a job whose other tasks have ended."""
    for job in list(state.holding.values()):
        ended = job.closed and job.ended + job.held_tasks >= job.total
        for bundle in _due(job, now, everything=ended):
            holding.release(state, bundle)
            voting.settle_whole(state, bundle, bundle.error)


def _due(job: Job, now: float, *, everything: bool) -> list[Bundle]:
    if everything:
        return list(job.held.values())
    due: list[Bundle] = []
    for bundle in job.held.values():  # in the order in which they were accepted
        if now - bundle.held_at < job.hold_s:
            break
        due.append(bundle)
    return due


def _expel(state: State, standing: Standing, proof: bool, now: float) -> None:
    """Within the capture guard, unless a referee's proof is behind it; its open votes become void."""
    kind = runtime_class(standing.runtime_id)
    out = state.expelled_count.get(kind, 0)
    known = sum(1 for node in state.nodes.values() if standing.runtime_id in node.standings)
    if standing.expelled or not (proof or reputation.may_expel(out, known)):
        return
    state.expelled_count[kind] = out + 1
    standing.expelled = True
    appetite.was_expelled(state, standing)
    state.changed[standing] = None
    node = standing.node
    for bundle_id in [i for i, hold in node.held.items() if hold.standing is standing]:
        leases.lose(state, node, bundle_id, now)
        state.withdrawn.append(Withdrawn(node, bundle_id, "expelled"))
    for bundle in list(state.bundles.values()):
        if bundle.ballots and not bundle.settled:
            voting.void(state, bundle, standing, now)
