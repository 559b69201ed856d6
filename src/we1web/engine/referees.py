"""Referees: trusted nodes that run again what votes cannot decide. They never vote, and they are never paid here.

The operator's referees judge every job; a requester's own judges only its own, and only among the answers that nodes
gave: a requester must not be able to invent a result, and so to withhold pay from whoever was right.
"""

from collections.abc import Sequence

from we1web.engine import placement
from we1web.engine.effects import Heard, Withdrawn
from we1web.engine.standing import Standing
from we1web.engine.state import Bundle, Hold, Job, Node, State
from we1web.protocol import outcome

FIRST_PARTY = "*"
CONTEST = "contest"
REST_S = 5.0
"""After a referee gave something back; the others are asked meanwhile."""
MAX_RETURNED = 3
"""A bundle that referees gave back so often is left to the panel."""
REFUTED = "refuted"
"""Code of a NONE outcome by which a verifier says that the answer it was shown is wrong."""


def came(state: State, node: Node) -> None:
    for standing in node.standings.values():
        if standing.offered:
            state.judges.setdefault((node.referee, standing.runtime_id), {})[node.key] = standing


def went(state: State, node: Node) -> list[Bundle]:
    """Its appeals go to another referee; returns the bundles for which there is none."""
    for standing in node.standings.values():
        state.judges.get((node.referee, standing.runtime_id), {}).pop(node.key, None)
    return [bundle for bundle_id in list(node.held) if (bundle := lose(state, node, bundle_id)) is not None]


def available(state: State, job: Job) -> bool:
    """Can a referee be asked about this job?"""
    return bool(_judges(state, job))


def somebody(state: State) -> bool:
    """Is any of the operator's referees online?"""
    return any(judges for (scope, _), judges in state.judges.items() if scope == FIRST_PARTY)


def appeal(state: State, bundle: Bundle, why: str) -> None:
    """Asks a referee, unless one is asked already; no further votes are wanted meanwhile."""
    if bundle.appeal:
        return
    bundle.appeal = why
    placement.unwant(state, bundle)
    bundle.job.appeals[bundle.id] = bundle
    state.appealing[bundle.job.key] = bundle.job


def drop(state: State, bundle: Bundle) -> Node | None:
    """Nobody needs a judgement any more; returns the referee that works on it."""
    bundle.appeal = ""
    _stop_waiting(state, bundle)
    judge, bundle.judge = bundle.judge, None
    if judge is None:
        return None
    _end(judge.node, bundle.id)
    return judge.node


def withdraw(state: State, bundle: Bundle, code: str) -> None:
    """There is nothing to judge any more, and the referee is told."""
    judge = drop(state, bundle)
    if judge is not None:
        state.withdrawn.append(Withdrawn(judge, bundle.id, code))


def place(state: State, now: float, leases: placement.Leases) -> None:
    """Hands waiting appeals to referees with room."""
    for job in list(state.appealing.values()):
        for bundle in list(job.appeals.values()):
            judges = _judges(state, job)
            if bundle.hearing:  # the requester is a party to it
                judges = [judge for judge in judges if judge.node.referee == FIRST_PARTY]
            judge = min(_free(judges, now), key=lambda standing: len(standing.node.held), default=None)
            if judge is None:
                break
            leases.setdefault(judge.node, []).append((bundle, _lease(state, bundle, judge, now)))


def hear(state: State, job: Job, bundle_id: int, arguments: Sequence[bytes]) -> bool:
    """A settled bundle is contested: the operator's referee runs it, and nobody else. False while it is in play."""
    if bundle_id in state.bundles:
        return False
    bundle = Bundle(bundle_id, job, arguments)
    bundle.open, bundle.hearing = [], True
    state.bundles[bundle_id] = job.bundles[bundle_id] = bundle
    appeal(state, bundle, CONTEST)
    return True


def heard(state: State, node: Node, bundle: Bundle, outcomes: Sequence[bytes]) -> None:
    """The referee's report on a contested bundle."""
    _end(node, bundle.id)
    state.bundles.pop(bundle.id)
    bundle.job.bundles.pop(bundle.id)
    state.hearings.append(Heard(bundle, outcomes))


def answer(state: State, node: Node, bundle: Bundle, outcomes: Sequence[bytes]) -> None:
    """A referee's report becomes what is known about the bundle; `voting.judge` draws the conclusions."""
    _end(node, bundle.id)
    bundle.judge = None
    bundle.appeal = ""
    bundle.job.referee_runs += len(outcomes)
    places = range(bundle.n) if bundle.open is None else bundle.open
    for place in places:
        if place < len(outcomes):
            _note(bundle, place, outcomes[place], own=node.referee != FIRST_PARTY)


def gives_up(node: Node, bundle: Bundle, now: float) -> bool:
    """A referee could not run it and rests a moment; True when that happened too often to ask for it again."""
    node.rests_until = now + REST_S
    bundle.returned += 1
    bundle.unjudged |= bundle.returned >= MAX_RETURNED
    return bundle.unjudged


def lose(state: State, node: Node, bundle_id: int) -> Bundle | None:
    """A referee gave up or vanished: another one is asked; returns the bundle when there is none."""
    bundle = state.bundles[bundle_id]
    why, _ = bundle.appeal, drop(state, bundle)
    if available(state, bundle.job):
        appeal(state, bundle, why)
        return None
    return bundle


def _judges(state: State, job: Job) -> list[Standing]:
    first_party = state.judges.get((FIRST_PARTY, job.runtime_id))
    own = state.judges.get((job.id, job.runtime_id)) if job.id else None
    return [*(first_party or {}).values(), *(own or {}).values()]


def _free(judges: list[Standing], now: float) -> list[Standing]:
    nodes = [(judge, judge.node) for judge in judges]
    return [
        judge
        for judge, node in nodes
        if node.active and node.accepting and node.rests_until <= now and len(node.held) < node.window
    ]


def _lease(state: State, bundle: Bundle, judge: Standing, now: float) -> Hold:
    _stop_waiting(state, bundle)
    hold = placement.hold_for(state, bundle.job, judge, bundle.span, now)
    node = judge.node
    node.held[bundle.id] = hold
    node.backlog_s += hold.expected_s
    node.next_deadline = min(node.next_deadline, hold.deadline)
    bundle.judge = judge
    bundle.shown = tuple(bundle.ballots)
    return hold


def _end(node: Node, bundle_id: int) -> None:
    hold = node.held.pop(bundle_id)
    node.backlog_s = max(0.0, node.backlog_s - hold.expected_s) if node.held else 0.0


def _stop_waiting(state: State, bundle: Bundle) -> None:
    job = bundle.job
    if job.appeals.pop(bundle.id, None) is not None and not job.appeals:
        del state.appealing[job.key]


def _note(bundle: Bundle, place: int, encoded: bytes, *, own: bool) -> None:
    if encoded[0] != outcome.NONE:
        bundle.truths = {**(bundle.truths or {}), place: encoded}
        bundle.judged_by_own |= own
    elif encoded[1:].decode("ascii", "replace") == REFUTED:
        _refute(bundle, place)
    else:
        bundle.unjudged = True


def _refute(bundle: Bundle, place: int) -> None:
    """A verifier was shown the latest answer that was not refuted when the lease went out: that one, and no later."""
    bundle.refuted = bundle.refuted or {}
    refuted = bundle.refuted.setdefault(place, set())
    for ballot in reversed(bundle.shown):
        if _is_vote(ballot.outcomes, place):
            digest = outcome.digest(ballot.outcomes[place])
            if digest not in refuted:
                refuted.add(digest)
                return


def _is_vote(outcomes: Sequence[bytes], place: int) -> bool:
    return place < len(outcomes) and outcomes[place][0] != outcome.NONE
