"""What verdicts teach about nodes: passes, failures, and who is found out. Acted upon by reactor.py, once a frame.

One pass or one failure a ballot: tasks of one bundle are no independent evidence. Only verified verdicts may come here.
"""

from collections.abc import Sequence

from we1web.domain import reputation
from we1web.engine import appetite
from we1web.engine.standing import Standing
from we1web.engine.state import Ballot, Bundle, State
from we1web.engine.validation import same
from we1web.protocol import outcome


def learn(state: State, bundle: Bundle, ballot: Ballot, *, proof: bool) -> None:
    """Holds a ballot against the accepted outcomes; `proof` when a referee found them."""
    final = bundle.final or {}
    judged = [
        same(bundle.job, encoded, final[place])
        for place, encoded in enumerate(ballot.outcomes)
        if encoded[0] != outcome.NONE and place in final and final[place][0] != outcome.NONE
    ]
    if not judged:
        return
    if all(judged):
        passed(state, ballot.standing)
    else:
        failed(state, ballot.standing, proof=proof)


def passed(state: State, standing: Standing) -> None:
    standing.passes += 1
    if standing.passes >= standing.fold_at:
        _rate(state, standing, reputation.passed(standing.evidence, standing.passes))


def failed(state: State, standing: Standing, *, proof: bool) -> None:
    _rate(state, standing, reputation.failed(reputation.passed(standing.evidence, standing.passes)))
    state.found_out[standing] = None
    if reputation.expels(standing.evidence) and not standing.expelled:
        state.expelled[standing] = proof or state.expelled.get(standing, False)


def convict(state: State, liars: Sequence[Standing]) -> None:
    """A referee proved that all of them gave the same wrong answer: strangers do not err alike.

    Unless they run on the same machine type: then the fault may be its, and each is only counted as having failed.
    """
    builds = {standing.node.build for standing in liars}
    if len({standing.node.owner for standing in liars}) < 2 or (len(builds) == 1 and "" not in builds):
        return
    for standing in liars:
        state.found_out[standing] = None
        if not standing.expelled:
            state.expelled[standing] = True


def _rate(state: State, standing: Standing, evidence: reputation.Evidence) -> None:
    was_proven = standing.proven
    standing.rate(evidence)
    appetite.rated(state, standing, was_proven)
    state.changed[standing] = None
