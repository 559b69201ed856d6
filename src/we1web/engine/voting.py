"""Counting votes and ending tasks: whole bundles while all agree, task by task as soon as they do not.

A bundle whose ballots are equal as wholes is judged with one comparison. The first difference divides it: from then on
each task is judged by the policy, agreed ones are settled, and replicas or a referee are asked (they re-run the bundle
up to the last open task, so that what they answer is comparable) until nothing is open.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple, assert_never

from we1web.domain import retry
from we1web.domain.consensus import Agreed, Case, Disputed, Referred, Split, Undecided, Vote
from we1web.domain.validator import representative
from we1web.engine import appetite, baits, disputes, evidence, holding, placement, referees
from we1web.engine.effects import Settled, Surplus
from we1web.engine.standing import Standing
from we1web.engine.state import FAILED, VERIFIED, Ballot, Bundle, State
from we1web.engine.validation import names, same
from we1web.protocol import outcome


class Poll(NamedTuple):
    """The votes on one task, with the ballots they come from, and what a referee says."""

    ballots: list[Ballot]
    votes: list[Vote]
    truth: bytes | None


def count(state: State, bundle: Bundle, ballot: Ballot, now: float) -> None:
    """A ballot for a bundle that is not settled."""
    holding.release(state, bundle)
    bundle.job.executions += len(ballot.outcomes)
    if _admit(bundle, ballot, now):
        unanimous(state, bundle, now)
        return
    _pay_again(state, bundle, ballot)
    judge(state, bundle, now, exhausted=False)


def restore(bundle: Bundle, ballot: Ballot, now: float) -> None:
    """A ballot recorded before a restart, counted and paid for settled tasks then; `recount` judges it."""
    _admit(bundle, ballot, now)


def recount(state: State, bundle: Bundle, now: float) -> None:
    """All recorded ballots of the bundle are back and judged together: none is late for what another one settles."""
    if bundle.open is None:
        unanimous(state, bundle, now, restored=True)
    else:
        judge(state, bundle, now, exhausted=False)


def _admit(bundle: Bundle, ballot: Ballot, now: float) -> bool:
    """Adds a ballot; True while all are equal as wholes."""
    bundle.ballots.append(ballot)
    if bundle.open is None:
        if ballot.complete and ballot.outcomes == bundle.ballots[0].outcomes:
            return True
        bundle.open = list(range(bundle.n))
        bundle.verified = True  # whatever it was credited with as long as all were equal, dissent is evidence again
    if len(bundle.ballots) > 1 and bundle.disputed_at < 0:
        bundle.disputed_at = now
    _note_nones(bundle, ballot)
    return False


def unanimous(state: State, bundle: Bundle, now: float, *, exhausted: bool = False, restored: bool = False) -> None:
    """All ballots are equal: the policy is asked once for the whole bundle."""
    ballots, job = bundle.ballots, bundle.job
    if bundle.appeal:  # a vote that was still out came in meanwhile: the judgement is waited for
        return
    if bundle.open is not None or len(ballots) < job.policy.quorum:
        want_another(state, bundle, now)
        return
    quick = job.policy.unanimous([ballot.standing for ballot in ballots], _case(state, bundle, exhausted))
    match quick.action:
        case "accept":
            settle_whole(state, bundle, quick.error)
        case "hold":
            placement.unwant(state, bundle)
            if not restored:  # records grow at once, and only once: a job must not wait for its end to learn
                _credit(state, bundle)
            bundle.verified = False
            holding.hold(state, bundle, quick.error, now)
        case "refer" if not bundle.unjudged:
            referees.appeal(state, bundle, "check")
        case "refer":
            bundle.open = list(range(bundle.n))
            judge(state, bundle, now, exhausted=exhausted)
        case _:
            want_another(state, bundle, now)


def settle_whole(state: State, bundle: Bundle, error: float, *, proof: bool = False) -> None:
    """Ends every task of a unanimous bundle; `proof` when a referee answered the same."""
    job = bundle.job
    paid = [ballot.standing for ballot in bundle.ballots]
    fast = [ballot.standing for ballot in bundle.ballots if ballot.fast] if job.bonus_micros else ()
    job.reserved_micros -= bundle.n * len(paid) * job.most_micros
    job.spent_micros += bundle.n * (len(paid) * job.price_micros + len(fast) * job.bonus_micros)
    job.singles += bundle.n if len(paid) == 1 and not proof else 0
    _end(state, bundle, range(bundle.n), bundle.ballots[0].outcomes, VERIFIED, paid, (), error, fast)
    if not proof or bundle.judged_by_own:
        _credit(state, bundle)
    bundle.verified = False  # what agreement is worth is in the records now; `close` adds what a referee proved
    close(state, bundle)


def judge(state: State, bundle: Bundle, now: float, *, exhausted: bool) -> None:
    """Judges every open task of a divided bundle, and asks a referee or one more replica when any stays open."""
    if bundle.open is None:
        return
    case = _case(state, bundle, exhausted)._replace(draw=0.0)  # whoever divides a bundle must not escape by it
    waiting: list[int] = []
    why = ""
    for place in bundle.open:
        ended, asked = _judge_task(state, bundle, place, case, now)
        if not ended:
            waiting.append(place)
            why = asked or why
    bundle.open = waiting
    if not waiting:
        close(state, bundle, now)
    elif why:
        referees.appeal(state, bundle, why)  # where a policy insists on one it waits for a referee to come
    else:
        want_another(state, bundle, now)


def answered(state: State, bundle: Bundle, now: float) -> None:
    """A referee reported on the bundle (referees.answer), or none is left: concludes what follows."""
    if bundle.hearing:
        referees.appeal(state, bundle, referees.CONTEST)
        return
    if bundle.open is None:
        truths = bundle.truths or {}
        first = bundle.ballots[0].outcomes if bundle.ballots else ()
        if len(truths) == bundle.n == len(first) and all(same(bundle.job, first[p], truths[p]) for p in truths):
            settle_whole(state, bundle, 0.0, proof=True)
            return
        if not truths and not bundle.refuted:
            unanimous(state, bundle, now)
            return
        bundle.open = list(range(bundle.n))
    judge(state, bundle, now, exhausted=False)


def want_another(state: State, bundle: Bundle, now: float) -> None:
    """One after the other: the next replica is only wanted when none is under way that is counted on."""
    if bundle.want:
        if bundle.ballots:  # wanted since before it had a vote: it may be that nobody is left to ask
            state.waiting[bundle.id] = bundle
    elif not (bundle.pending or bundle.appeal or bundle.held_at >= 0):
        placement.want(state, bundle, 1, now)


def surplus(state: State, bundle: Bundle, ballot: Ballot) -> None:
    """A vote for a settled bundle that was asked for: paid where it agrees; only as an answer to a bait it judges."""
    bundle.job.executions += len(ballot.outcomes)
    _pay_again(state, bundle, ballot)
    if bundle.bait:
        baits.judge(state, bundle, ballot)


def void(state: State, bundle: Bundle, standing: Standing, now: float) -> None:
    """Takes back the ballot of an expelled node from a bundle that is not settled."""
    mine = [ballot for ballot in bundle.ballots if ballot.standing is standing]
    if not mine:
        return
    holding.release(state, bundle)
    for ballot in mine:
        bundle.ballots.remove(ballot)
        open_places = range(bundle.n) if bundle.open is None else bundle.open
        asked = sum(1 for place in open_places if place < len(ballot.outcomes))
        bundle.job.reserved_micros -= asked * bundle.job.most_micros
    if bundle.appeal and not bundle.ballots:
        referees.withdraw(state, bundle, "votes_void")
    if bundle.open is None and bundle.ballots and not bundle.appeal:
        unanimous(state, bundle, now)
    else:
        want_another(state, bundle, now)
        judge(state, bundle, now, exhausted=False)


def fail(state: State, bundle: Bundle, places: Sequence[int], code: str, ended: int = FAILED) -> None:
    """Ends tasks without a result and without pay."""
    for place in places:
        release(bundle, place)
        _end(state, bundle, [place], [outcome.none(code)], ended, (), ())


def close(state: State, bundle: Bundle, now: float = 0.0) -> None:
    """Everything of the bundle is settled: its ballots become evidence, once each; proved lies are followed up."""
    bundle.open = []
    placement.unwant(state, bundle)
    referees.drop(state, bundle)
    proof = bool(bundle.truths or bundle.refuted)
    teaches = proof or (bundle.verified and len(bundle.ballots) > 1)
    lies = baits.lies_of(bundle)
    if bundle.final and teaches and not bundle.judged_by_own:
        for ballot in bundle.ballots:
            evidence.learn(state, bundle, ballot, proof=proof)
    bundle.ballots = []
    forget_if_over(state, bundle)
    if lies and not bundle.judged_by_own:
        baits.follow_up(state, bundle, lies, now)


def forget_if_over(state: State, bundle: Bundle) -> None:
    """A settled bundle that nobody works on any more leaves the engine."""
    if not bundle.settled or bundle.leases:
        return
    if not bundle.want:
        state.bundles.pop(bundle.id, None)
        bundle.job.bundles.pop(bundle.id, None)
    if bundle.job.done:  # though a bait may still be wanted
        state.finished.append(bundle.job)


def release(bundle: Bundle, place: int) -> None:
    """The ballots of a task no longer tie up money."""
    asked = sum(1 for ballot in bundle.ballots if place < len(ballot.outcomes))
    bundle.job.reserved_micros -= asked * bundle.job.most_micros


def poll(bundle: Bundle, place: int) -> Poll:
    """The votes on one task."""
    ballots = [b for b in bundle.ballots if place < len(b.outcomes) and b.outcomes[place][0] != outcome.NONE]
    outcomes = [ballot.outcomes[place] for ballot in ballots]
    truth = (bundle.truths or {}).get(place)
    voted = names(bundle.job, outcomes if truth is None else [*outcomes, truth])
    votes = [_vote(ballot.standing, name) for ballot, name in zip(ballots, voted, strict=False)]
    return Poll(ballots, votes, voted[-1] if truth is not None else None)


def _case(state: State, bundle: Bundle, exhausted: bool) -> Case:
    return Case(
        appetite.proven_share(state, bundle.job.runtime_id),
        exhausted,
        not bundle.unjudged and referees.available(state, bundle.job),
        None,
        frozenset(),
        bundle.draw,
        bundle.recalls,
    )


def _credit(state: State, bundle: Bundle) -> None:
    """The agreement of a whole bundle moves reputations, once: with a proven node among two owners, or while hardly
    any node is proven."""
    agreed = [ballot.standing for ballot in bundle.ballots]
    cold = Case(appetite.proven_share(state, bundle.job.runtime_id)).cold
    strong = len(agreed) > 1 and (cold or any(standing.proven for standing in agreed))
    if bundle.verified and strong:
        for standing in agreed:
            evidence.passed(state, standing)
        bundle.verified = False


def _judge_task(state: State, bundle: Bundle, place: int, case: Case, now: float) -> tuple[bool, str]:
    """Whether the task ended, and why a referee is wanted if it is."""
    code = retry.gives_up(bundle.nones[place]) if bundle.nones and place in bundle.nones else None
    asked = poll(bundle, place)
    if code is not None:
        _give_up(state, bundle, place, asked, code, now)
        return True, ""
    if not asked.votes and asked.truth is None:
        return False, ""
    if bundle.judged_by_own and asked.truth not in {vote.digest for vote in asked.votes}:
        asked = asked._replace(truth=None)
        bundle.unjudged = True
        case = case._replace(referee=False)
    refuted = frozenset((bundle.refuted or {}).get(place, ()))
    match bundle.job.policy.judge(asked.votes, case._replace(truth=asked.truth, refuted=refuted)):
        case Agreed() as verdict:
            _settle(state, bundle, place, asked, verdict, case, now)
            return True, ""
        case Referred(why=why):
            if not bundle.unjudged:
                return False, why
            _give_up(state, bundle, place, asked, "verifier_failed", now)
            return True, ""
        case Undecided() | Disputed():
            return False, ""
        case Split():
            if len(asked.votes) < bundle.job.policy.max_votes:
                return False, ""
            _give_up(state, bundle, place, asked, "no_agreement", now)
            return True, ""
        case other:
            assert_never(other)


def _vote(standing: Standing, digest: bytes) -> Vote:
    return Vote(digest, standing.node.owner, standing.delta, standing.weight, standing.proven)


def _settle(state: State, bundle: Bundle, place: int, asked: Poll, verdict: Agreed, case: Case, now: float) -> None:
    job = bundle.job
    release(bundle, place)
    job.singles += len(verdict.agreed) == 1 and asked.truth is None
    right = [asked.ballots[position] for position in verdict.agreed]
    paid = [ballot.standing for ballot in right]
    fast = [ballot.standing for ballot in right if ballot.fast]
    job.spent_micros += len(paid) * job.price_micros + len(fast) * job.bonus_micros
    rejected = [asked.ballots[position].standing for position in verdict.dissent]
    accepted = _accepted(bundle, place, asked, verdict)
    bundle.verified &= verdict.verified
    _end(state, bundle, [place], [accepted], VERIFIED, paid, rejected, verdict.error, fast)
    if disputes.differ(asked.votes, asked.truth):
        how = disputes.REFEREE if asked.truth is not None else disputes.EXHAUSTED if case.exhausted else disputes.PANEL
        disputes.record(state, bundle, place, asked.ballots, asked.votes, asked.truth, verdict.digest, how, now)


def _accepted(bundle: Bundle, place: int, asked: Poll, verdict: Agreed) -> bytes:
    """The bytes that become the result: those that the accepted class is named after."""
    outcomes = [asked.ballots[position].outcomes[place] for position in verdict.agreed]
    if asked.truth is not None:
        outcomes.append((bundle.truths or {})[place])
    if bundle.job.validator.bytewise or len(outcomes) == 1:
        return outcomes[0]
    return outcomes[representative(outcomes, verdict.digest)]


def _give_up(state: State, bundle: Bundle, place: int, asked: Poll, code: str, now: float) -> None:
    fail(state, bundle, [place], code)
    if disputes.differ(asked.votes, asked.truth):
        disputes.record(state, bundle, place, asked.ballots, asked.votes, asked.truth, None, code, now)


def _end(
    state: State,
    bundle: Bundle,
    places: Sequence[int],
    outcomes: Sequence[bytes],
    code: int,
    paid: Sequence[Standing],
    rejected: Sequence[Standing],
    error: float = 0.0,
    fast: Collection[Standing] = (),
) -> None:
    job = bundle.job
    if bundle.final is None:
        bundle.final = {}
    bundle.final.update(zip(places, outcomes, strict=True))
    good = len(outcomes) - [encoded[0] for encoded in outcomes].count(outcome.ERROR) if code == VERIFIED else 0
    job.verified += good
    job.failed += len(places) - good
    job.ended += len(places)
    job.error_sum += error * len(places)
    state.settled.append(Settled(bundle, places, outcomes, code, paid, rejected, error, fast))


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
    right = [place for place in paying if same(job, ballot.outcomes[place], final[place])]
    job.reserved_micros -= len(known) * job.most_micros
    job.spent_micros += len(right) * (job.most_micros if ballot.fast else job.price_micros)
    if right:
        state.surplus.append(Surplus(bundle, right, ballot.standing, ballot.fast))
