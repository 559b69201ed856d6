"""Counting votes and ending tasks: whole bundles while all agree, task by task as soon as they do not.

A bundle whose ballots are equal as wholes is judged with one comparison. The first difference divides it: from then on
each task is judged by the policy, agreed ones are settled, and replicas are added (they re-run the bundle up to the
last open task, so that what they answer is comparable) until nothing is open.
"""

from collections.abc import Sequence
from typing import assert_never

from we1web.domain import reputation, retry
from we1web.domain.consensus import COLD_START_SHARE, Agreed, Disputed, Split, Trust, Undecided, Vote
from we1web.engine import appetite, placement
from we1web.engine.state import FAILED, VERIFIED, Ballot, Bundle, Settled, Standing, State, Surplus
from we1web.protocol import outcome


def count(state: State, bundle: Bundle, ballot: Ballot, now: float, *, restored: bool = False) -> None:
    """A ballot for a bundle that is not settled; `restored` ones were counted and paid for settled tasks before."""
    bundle.ballots.append(ballot)
    if not restored:
        bundle.job.executions += len(ballot.outcomes)
    if bundle.open is None:
        if ballot.complete and ballot.outcomes == bundle.ballots[0].outcomes:
            _unanimous(state, bundle, now)
            return
        bundle.open = list(range(bundle.n))
    _note_nones(bundle, ballot)
    if not restored:
        _pay_again(state, bundle, ballot)
    judge(state, bundle, now, exhausted=False)


def judge(state: State, bundle: Bundle, now: float, *, exhausted: bool) -> None:
    """Judges every open task of a divided bundle, and asks for one more replica when any stays open."""
    if bundle.open is None:
        return
    trust = Trust(appetite.proven_share(state, bundle.job.runtime_id))
    bundle.open = [place for place in bundle.open if not _judge_task(state, bundle, place, trust, exhausted)]
    if bundle.open:
        want_another(state, bundle, now)
    else:
        close(state, bundle)


def want_another(state: State, bundle: Bundle, now: float) -> None:
    """One after the other: the next replica is only wanted when none is under way that is counted on."""
    if not bundle.pending and not bundle.want:
        placement.want(state, bundle, 1, now)


def surplus(state: State, bundle: Bundle, ballot: Ballot) -> None:
    """A vote for a settled bundle that was asked for: it is paid where it agrees, and judges nobody."""
    bundle.job.executions += len(ballot.outcomes)
    _pay_again(state, bundle, ballot)


def void(state: State, bundle: Bundle, standing: Standing, now: float) -> None:
    """Takes back the ballot of an expelled node from a bundle that is not settled."""
    for ballot in [b for b in bundle.ballots if b.standing is standing]:
        bundle.ballots.remove(ballot)
        open_places = range(bundle.n) if bundle.open is None else bundle.open
        asked = sum(1 for place in open_places if place < len(ballot.outcomes))
        bundle.job.reserved_micros -= asked * bundle.job.price_micros
        want_another(state, bundle, now)
        judge(state, bundle, now, exhausted=False)


def fail(state: State, bundle: Bundle, places: Sequence[int], code: str, ended: int = FAILED) -> None:
    """Ends tasks without a result and without pay."""
    for place in places:
        release(bundle, place)
        _end(state, bundle, [place], [outcome.none(code)], ended, (), ())


def close(state: State, bundle: Bundle) -> None:
    """Everything of the bundle is settled: its ballots become evidence, once each."""
    bundle.open = []
    placement.unwant(state, bundle)
    if bundle.verified and len(bundle.ballots) > 1 and bundle.final:
        for ballot in bundle.ballots:
            _learn(state, ballot, bundle.final)
    bundle.ballots = []
    forget_if_over(state, bundle)


def forget_if_over(state: State, bundle: Bundle) -> None:
    """A settled bundle that nobody works on any more leaves the engine."""
    if bundle.settled and not bundle.leases:
        state.bundles.pop(bundle.id, None)
        bundle.job.bundles.pop(bundle.id, None)
        if bundle.job.done:
            state.finished.append(bundle.job)


def _unanimous(state: State, bundle: Bundle, now: float) -> None:
    """All ballots are equal: enough of them settle the bundle without further arithmetic (their share is 1)."""
    ballots = bundle.ballots
    job = bundle.job
    if len(ballots) < job.policy.quorum:
        want_another(state, bundle, now)
        return
    paid = [ballot.standing for ballot in ballots]
    if min([standing.weight for standing in paid]) <= 0:
        bundle.open = list(range(bundle.n))
        judge(state, bundle, now, exhausted=False)
        return
    cost = bundle.n * len(paid) * job.price_micros
    job.reserved_micros -= cost
    job.spent_micros += cost
    _end(state, bundle, range(bundle.n), ballots[0].outcomes, VERIFIED, paid, ())
    if _strong(state, bundle, paid):
        for standing in paid:
            _pass(state, standing)
    bundle.verified = False  # its evidence is in the records already
    close(state, bundle)


def _strong(state: State, bundle: Bundle, agreed: Sequence[Standing]) -> bool:
    """May this agreement move reputations? Only with a proven node in it, or while hardly any node is proven."""
    return (
        any(standing.proven for standing in agreed)
        or appetite.proven_share(state, bundle.job.runtime_id) < COLD_START_SHARE
    )


def _judge_task(state: State, bundle: Bundle, place: int, trust: Trust, exhausted: bool) -> bool:
    """True when the task ended."""
    ballots = [b for b in bundle.ballots if place < len(b.outcomes) and b.outcomes[place][0] != outcome.NONE]
    votes = [_vote(ballot, place) for ballot in ballots]
    policy = bundle.job.policy
    code = retry.gives_up(bundle.nones[place]) if bundle.nones and place in bundle.nones else None
    if code is not None:
        fail(state, bundle, [place], code)
        return True
    if not votes:
        return False
    match policy.judge(votes, exhausted=exhausted, trust=trust):
        case Agreed(agreed=agreed, dissent=dissent, verified=verified):
            bundle.verified &= verified
            _settle(state, bundle, place, [ballots[k] for k in agreed], [ballots[k].standing for k in dissent])
            return True
        case Undecided() | Disputed():
            return False
        case Split():
            if len(votes) < policy.max_votes:
                return False
            fail(state, bundle, [place], "no_agreement")
            return True
        case other:
            assert_never(other)


def _vote(ballot: Ballot, place: int) -> Vote:
    standing = ballot.standing
    return Vote(
        outcome.digest(ballot.outcomes[place]), standing.node.owner, standing.delta, standing.weight, standing.proven
    )


def _settle(state: State, bundle: Bundle, place: int, agreed: Sequence[Ballot], dissent: Sequence[Standing]) -> None:
    job = bundle.job
    release(bundle, place)
    job.spent_micros += len(agreed) * job.price_micros
    paid = [ballot.standing for ballot in agreed]
    _end(state, bundle, [place], [agreed[0].outcomes[place]], VERIFIED, paid, dissent)


def release(bundle: Bundle, place: int) -> None:
    """The ballots of a task no longer tie up money."""
    asked = sum(1 for ballot in bundle.ballots if place < len(ballot.outcomes))
    bundle.job.reserved_micros -= asked * bundle.job.price_micros


def _end(
    state: State,
    bundle: Bundle,
    places: Sequence[int],
    outcomes: Sequence[bytes],
    code: int,
    paid: Sequence[Standing],
    rejected: Sequence[Standing],
) -> None:
    job = bundle.job
    if bundle.final is None:
        bundle.final = {}
    bundle.final.update(zip(places, outcomes, strict=True))
    good = len(outcomes) - [encoded[0] for encoded in outcomes].count(outcome.ERROR) if code == VERIFIED else 0
    job.verified += good
    job.failed += len(places) - good
    job.ended += len(places)
    state.settled.append(Settled(bundle, places, outcomes, code, paid, rejected))


def _note_nones(bundle: Bundle, ballot: Ballot) -> None:
    """Remembers runs without an outcome."""
    if ballot.complete:
        return
    for place, encoded in enumerate(ballot.outcomes):
        if encoded[0] == outcome.NONE:
            if bundle.nones is None:
                bundle.nones = {}
            code = encoded[1:].decode("ascii", "replace")
            bundle.nones.setdefault(place, {})[ballot.standing.node.owner] = code


def _pay_again(state: State, bundle: Bundle, ballot: Ballot) -> None:
    """Pays a ballot for tasks that were settled before it came, where it agrees: the work was asked for."""
    final = bundle.final
    if not final:
        return
    job = bundle.job
    known = [place for place in range(len(ballot.outcomes)) if place in final]
    paying = [place for place in known if final[place][0] != outcome.NONE]
    right = [place for place in paying if outcome.same(ballot.outcomes[place], final[place])]
    job.reserved_micros -= len(known) * job.price_micros
    job.spent_micros += len(right) * job.price_micros
    if right:
        state.surplus.append(Surplus(bundle, right, ballot.standing))


def _learn(state: State, ballot: Ballot, final: dict[int, bytes]) -> None:
    """One pass or one failure a ballot: tasks of one bundle are no independent evidence."""
    judged = [
        outcome.same(encoded, final[place])
        for place, encoded in enumerate(ballot.outcomes)
        if encoded[0] != outcome.NONE and final[place][0] != outcome.NONE
    ]
    if not judged:
        return
    if all(judged):
        _pass(state, ballot.standing)
    else:
        _fail(state, ballot.standing)


def _pass(state: State, standing: Standing) -> None:
    standing.passes += 1
    if standing.passes >= standing.fold_at:
        _rate(state, standing, reputation.passed(standing.evidence, standing.passes))


def _fail(state: State, standing: Standing) -> None:
    _rate(state, standing, reputation.failed(reputation.passed(standing.evidence, standing.passes)))
    if reputation.expels(standing.evidence) and not standing.expelled:
        state.expelled.append(standing)


def _rate(state: State, standing: Standing, evidence: reputation.Evidence) -> None:
    was_proven = standing.proven
    standing.rate(evidence)
    appetite.rated(state, standing, was_proven)
    state.changed[standing] = None
