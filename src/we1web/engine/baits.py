"""Known-answer tests: after a referee proved a lie, the task goes to further owners to see who repeats it.

A clique lies alike, so whoever gives the same wrong answer belongs to it. What they are asked is paid where it is
right, like any vote that was asked for. A bait must never delay the end of a job.
"""

from we1web.engine import evidence, placement
from we1web.engine.standing import Standing
from we1web.engine.state import Ballot, Bundle, Job, Lies, State
from we1web.engine.validation import same
from we1web.protocol import outcome

OWNERS = 6
ENOUGH = 2
"""So many baits for the lies of one node that nobody repeated: it lies, or errs, alone."""


def lies_of(bundle: Bundle) -> Lies:
    """The wrong answers among the ballots of a bundle that a referee judged, by place, with who gave them."""
    lies: Lies = {}
    for place, truth in (bundle.truths or {}).items():
        for ballot in bundle.ballots:
            if place < len(ballot.outcomes):
                told = ballot.outcomes[place]
                if told[0] != outcome.NONE and not same(bundle.job, told, truth):
                    lies.setdefault(place, []).append((told, ballot.standing))
    return lies


def follow_up(state: State, bundle: Bundle, lies: Lies, now: float) -> None:
    """Who told the same lie is convicted; then the bundle goes out once more, as a bait."""
    for told in lies.values():
        for lie, _ in told:
            evidence.convict(state, [standing for other, standing in told if same(bundle.job, other, lie)])
    job = bundle.job
    liars = [standing for told in lies.values() for _, standing in told]
    loners = all(standing.baits >= ENOUGH for standing in liars)
    if bundle.bait is None and not loners and not (job.closed and job.ended >= job.total):
        for standing in liars:
            standing.baits += 1
        bundle.bait = lies
        state.bundles[bundle.id] = job.bundles[bundle.id] = bundle
        placement.want(state, bundle, OWNERS, now)


def judge(state: State, bundle: Bundle, ballot: Ballot) -> None:
    """An answer to a bait: right, wrong in a way of its own, or the lie again."""
    accomplices = _accomplices(bundle, ballot)
    if accomplices:
        for accomplice in accomplices:
            accomplice.baits = 0
        evidence.failed(state, ballot.standing, proof=True)
        evidence.convict(state, [ballot.standing, *accomplices])
    else:
        evidence.learn(state, bundle, ballot, proof=True)


def take_in(state: State, job: Job) -> None:
    """The job has ended: nobody is tested on it any more."""
    for bundle in [bundle for bundle in job.bundles.values() if bundle.bait and bundle.want]:
        placement.unwant(state, bundle)
        if not bundle.leases:
            state.bundles.pop(bundle.id, None)
            job.bundles.pop(bundle.id, None)


def _accomplices(bundle: Bundle, ballot: Ballot) -> list[Standing]:
    """Who told before what this ballot tells again."""
    return [
        standing
        for place, told in (bundle.bait or {}).items()
        if place < len(ballot.outcomes)
        for lie, standing in told
        if same(bundle.job, ballot.outcomes[place], lie)
    ]
