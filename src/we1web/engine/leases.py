"""The ends of leases: reported, lost, expired, resumed after a break, withdrawn. Losing a node never costs a retry."""

from we1web.engine import appetite, baits, bonus, holding, pace, placement, referees, stragglers, voting
from we1web.engine.state import Ballot, Bundle, Hold, Node, State

UNTIMELY = 0.9
"""What is left of a node's timeliness after its leases ran out."""


def end(state: State, node: Node, bundle_id: int) -> Hold:
    """Takes the lease from the node. Its money stays reserved: for the ballot to come, or until the caller frees it."""
    hold = node.held.pop(bundle_id)
    if node.due:
        node.due.pop(bundle_id, None)
    node.backlog_s = max(0.0, node.backlog_s - hold.expected_s) if node.held else 0.0
    bundle = state.bundles[bundle_id]
    bundle.leases -= 1
    if bundle.late:
        bundle.late.discard(node.key)
    bundle.job.leases -= 1
    return hold


def withdraw(state: State, node: Node, bundle_id: int) -> None:
    """Ends a lease that nobody wants any more."""
    job = state.bundles[bundle_id].job
    hold = end(state, node, bundle_id)
    job.reserved_micros -= hold.tasks * job.most_micros
    if not node.held:
        node.silent = False  # it has nothing to report any more


def lose(state: State, node: Node, bundle_id: int, now: float) -> None:
    """The lease ends without a report: its money is free again and another node is asked."""
    if node.referee:
        forsake(state, referees.lose(state, node, bundle_id), now)
        return
    bundle = state.bundles[bundle_id]
    hold = end(state, node, bundle_id)
    if node.due and bundle.job.bonus_micros:
        bonus.recount(state, node)
    bundle.job.reserved_micros -= hold.tasks * bundle.job.most_micros
    state.amnesty.append((now + state.settings.amnesty_s, bundle, node.owner))
    if bundle.settled:
        voting.forget_if_over(state, bundle)
    else:
        voting.want_another(state, bundle, now)


def forsake(state: State, bundle: Bundle | None, now: float) -> None:
    """No referee is left for this bundle: what its votes say decides, or more of them."""
    if bundle is not None:
        voting.answered(state, bundle, now)


def honour(state: State, node: Node, bundle_id: int, now: float) -> bool:
    """A resumed lease whose grant is genuine: goes on as if it had never been away, where it is still of use."""
    if bundle_id in node.held:
        return True
    bundle = state.bundles.get(bundle_id)
    if bundle is None or bundle.settled or bundle.open is not None or bundle.held_at >= 0 or node.referee:
        return False
    standing = node.standings.get(bundle.job.runtime_id)
    cost = bundle.n * bundle.job.most_micros
    job = bundle.job
    affordable = job.spent_micros + job.reserved_micros + cost <= job.budget_micros
    free = bundle.owners.get(node.owner, node.key) == node.key and not _voted(bundle, node.owner)
    if standing is None or standing.expelled or not affordable or not free:
        return False
    hold = placement.hold_for(state, job, standing, bundle.n, now)
    since = now - job.wall_s * bundle.n  # it may have begun long ago
    pace.took(node, job, hold.expected_s * node.cores, not node.held, now)
    placement.take(bundle, node, hold._replace(granted=since), cost)
    placement.want_fewer(state, bundle)
    return True


def restore(bundle: Bundle, ballot: Ballot, now: float) -> None:
    """Takes a recorded ballot back: only its open tasks reserve money, the others were paid before."""
    known = bundle.final or {}
    fresh = sum(1 for place in range(len(ballot.outcomes)) if place not in known)
    bundle.job.reserved_micros += fresh * bundle.job.most_micros
    voting.restore(bundle, ballot, now)


def expire(state: State, now: float) -> None:
    """Leases past their deadline, and all leases of nodes that stayed away too long."""
    for node in state.nodes.values():
        if not node.held:
            continue
        if not node.alive and now - node.gone_at > state.settings.reconnect_grace_s:
            late = list(node.held)
        elif node.next_deadline <= now:
            late = [bundle_id for bundle_id, hold in node.held.items() if hold.deadline <= now]
        else:
            continue
        if node.alive and any(node.held[bundle_id].granted >= node.meter.heard_at for bundle_id in late):
            node.silent = True  # not a word since it got them
        for bundle_id in late:
            lose(state, node, bundle_id, now)
        if late:
            node.timely *= UNTIMELY  # once an event: a broken connection takes all its leases along
            if node.silent and not node.held:
                stragglers.ran_out(node, now)
        node.next_deadline = min((hold.deadline for hold in node.held.values()), default=float("inf"))
        appetite.update(state, node)


def pardon(state: State, now: float) -> None:
    """Owners whose node lost a bundle may get it again when nobody else can, unless they hold it or voted meanwhile."""
    able: dict[int, set[int]] = {}
    barred = []
    while state.amnesty and state.amnesty[0][0] <= now:
        _, bundle, owner = state.amnesty.popleft()
        key = bundle.owners.get(owner)
        if key is None or bundle.settled or bundle.id in state.nodes[key].held or _voted(bundle, owner):
            continue
        if _expelled(state.nodes[key], bundle):  # its vote is void, and its owner gets no second one
            continue
        if _others(state, bundle, able, working=True):
            barred.append((now, bundle, owner))
        else:
            del bundle.owners[owner]
    state.amnesty.extendleft(barred)


def settle_stalled(state: State, now: float) -> None:
    """Votes wait for another one that nobody online can give: after a while they decide as they are."""
    able: dict[int, set[int]] = {}
    for bundle in list(state.waiting.values()):
        if now - bundle.since < state.settings.patience_s or not bundle.want or bundle.leases:
            continue
        if bundle.settled or _others(state, bundle, able, working=False):
            continue
        _decide(state, bundle, now)
    for job in list(state.ready_jobs.values()):
        if job.starved and not job.leases:
            baits.take_in(state, job)
            _out_of_budget(state, list(job.ready), now)


def _decide(state: State, bundle: Bundle, now: float) -> None:
    """No further vote will come."""
    if bundle.open is None:
        voting.unanimous(state, bundle, now, exhausted=True)
    else:
        voting.judge(state, bundle, now, exhausted=True)


def settle_unappealed(state: State, now: float) -> None:
    """Appeals that no referee is there to hear: the votes decide, or more of them."""
    for job in list(state.appealing.values()):
        if not referees.available(state, job):
            for bundle in list(job.appeals.values()):
                referees.drop(state, bundle)
                voting.answered(state, bundle, now)


def _others(state: State, bundle: Bundle, able: dict[int, set[int]], *, working: bool) -> bool:
    """Can an owner that has nothing to do with the bundle yet work on it? `able` remembers the owners by job."""
    job = bundle.job
    if job.key not in able:
        able[job.key] = appetite.owners_for(state, job, working=working)
    return not able[job.key] <= bundle.owners.keys()


def holders(state: State, bundle: Bundle) -> list[Node]:
    """Nodes that hold a voter's lease on the bundle."""
    nodes = [state.nodes[key] for key in bundle.owners.values()]
    return [node for node in nodes if bundle.id in node.held]


def discard(state: State, bundle: Bundle) -> None:
    """Removes a bundle with whatever is open in it; money reserved for its ballots is free again."""
    holding.release(state, bundle)
    places = range(bundle.n) if bundle.open is None else bundle.open
    for place in places:
        voting.release(bundle, place)
    bundle.open = []
    bundle.ballots = []
    voting.forget_if_over(state, bundle)


def _out_of_budget(state: State, bundles: list[Bundle], now: float) -> None:
    """No lease is out and the next one cannot be paid: the votes there are decide, and what they cannot just ends."""
    for bundle in bundles:
        if bundle.ballots:
            _decide(state, bundle, now)
        if bundle.settled or bundle.appeal or bundle.held_at >= 0:
            continue
        if bundle.open is None:
            bundle.open = list(range(bundle.n))
        places, bundle.open = bundle.open, []
        voting.fail(state, bundle, places, "budget_exhausted")
        voting.close(state, bundle, now)


def _voted(bundle: Bundle, owner: int) -> bool:
    return any(ballot.standing.node.owner == owner for ballot in bundle.ballots)


def _expelled(node: Node, bundle: Bundle) -> bool:
    standing = node.standings.get(bundle.job.runtime_id)
    return standing is not None and standing.expelled
