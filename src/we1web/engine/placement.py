"""Which bundle goes to which node: turns between jobs, the job's strategy between nodes, chance between bundles.

Every decision costs the same however much is queued: nodes are compared in samples, bundles are drawn at random and the
search for one that fits an owner is bounded.
"""

from collections.abc import Iterable

from we1web.domain.requirements import veto
from we1web.engine import appetite, bonus, turns
from we1web.engine.draw import draw
from we1web.engine.pace import took
from we1web.engine.standing import Standing
from we1web.engine.state import Bundle, Hold, Job, Node, State

MAX_ASIDE = 64
"""Nodes set aside before a job's turn ends: others are drawn at the next."""

WIDE_SAMPLE = 64
"""Nodes compared for an interactive task, so that a proven one is among the three if there is any."""

MAX_CACHED = 1_000
"""Digests remembered for a node."""

SPREADS = 4.0
"""A task may be so many times further from the average than tasks are on average, before it counts as late."""

Leases = dict[Node, list[tuple[Bundle, Hold]]]


def want(state: State, bundle: Bundle, replicas: int, now: float) -> None:
    """Asks for more replicas of a bundle."""
    if bundle.want == 0:
        job = bundle.job
        bundle.at = len(job.ready)
        bundle.since = now
        job.ready.append(bundle)
        turns.enter(state, job)
    bundle.want += replicas
    if bundle.ballots:
        state.waiting[bundle.id] = bundle
    elif not bundle.owners:
        bundle.draw = state.random()


def want_fewer(state: State, bundle: Bundle) -> None:
    """One of the wanted replicas turned up by itself."""
    if bundle.want > 1:
        bundle.want -= 1
    else:
        unwant(state, bundle)


def unwant(state: State, bundle: Bundle) -> None:
    """Nobody needs to run this any more."""
    if bundle.want:
        bundle.want = 0
        _remove(bundle.job, bundle)
    state.waiting.pop(bundle.id, None)


def place(state: State, now: float) -> Leases:
    """Hands out leases until nothing fits any more; per node, in the order they were given."""
    out: Leases = {}
    turns.again(state)
    while (job := turns.first(state)) is not None:
        if _turn(state, job, now, out):
            turns.stand(state, job)
        else:
            turns.step_aside(state, job)
    return out


def _turn(state: State, job: Job, now: float, out: Leases) -> bool:
    """One job's turn: nodes, a frame each, until somebody else had less. False when nobody can serve it now."""
    hungry = state.hungry[job.runtime_id]
    job.starved = False
    if job.deadline is not None:
        job.left_s = job.deadline - now
    limit_s = turns.limit_s(state, job)
    aside: list[Standing] = []
    while job.ready and hungry and job.served_s <= limit_s:
        standing = _choose(state, job, hungry)
        given = [] if _leaves(job, standing, now) else _fill(state, job, standing, now)
        if given:
            out.setdefault(standing.node, []).extend(given)
            appetite.update(state, standing.node)
        else:
            appetite.drop(state, standing)
            aside.append(standing)
            if job.starved or len(aside) >= MAX_ASIDE:
                break
    served = not job.starved and len(aside) < MAX_ASIDE and not (job.ready and aside and not hungry)
    for standing in aside:
        appetite.update(state, standing.node)
    return served


def _choose(state: State, job: Job, hungry: list[Standing]) -> Standing:
    """The best of a random sample, by the job's strategy."""
    score = job.strategy.score
    size = len(hungry)
    sample = min(size, WIDE_SAMPLE if job.interactive else job.strategy.sample)
    if sample == size:
        candidates = hungry
    else:
        random = state.random
        candidates = [hungry[int(random() * size)] for _ in range(sample)]
    if job.interactive and not job.ready[-1].owners:
        return max(candidates, key=lambda standing: (standing.proven, score(standing, job)))
    return max(candidates, key=lambda standing: score(standing, job))


def _leaves(job: Job, standing: Standing, now: float) -> bool:
    """Whether the job leaves this node to others for now: what it lacks, somebody else got already."""
    patience_s = job.strategy.patience_s(standing, job)
    if not patience_s or not (job.leases or job.executions):
        return False
    node = standing.node
    if node.passed_at < 0:
        node.passed_at = now
    return now - node.passed_at < patience_s


def _fill(state: State, job: Job, standing: Standing, now: float) -> list[tuple[Bundle, Hold]]:
    """As many bundles for one node as its window, the frame and a fair share allow."""
    node = standing.node
    if veto(job, node) is not None:
        return []
    share = len(job.ready) // len(state.hungry[job.runtime_id])
    room = min(state.settings.batch, appetite.room_of(node), max(share, _quantum(state, job)))
    idle = not node.held
    tasks, longest_s = 0, 0.0
    if job.bonus_micros:
        bonus.line_up(state, node, now)
    given: list[tuple[Bundle, Hold]] = []
    for _ in range(room):
        bundle = draw(state, job, standing, now)
        hold = None if bundle is None else _lease(state, bundle, standing, now)
        if bundle is None or hold is None:
            break
        given.append((bundle, hold))
        tasks += hold.tasks
        longest_s = max(longest_s, hold.expected_s)
    if given:
        state.served += 1
        node.last_served = state.served
        node.passed_at = -1.0
        turns.charge(job, tasks)
        took(node, job, longest_s * node.cores, idle, now)
        if job.inputs:
            remember(node, job.inputs)
    return given


def remember(node: Node, digests: Iterable[bytes]) -> None:
    """The node has these blobs, or is about to fetch them; what it used longest ago is forgotten first."""
    cached = node.cached
    for digest in digests:
        cached.pop(digest, None)
        cached[digest] = None
    while len(cached) > MAX_CACHED:
        del cached[next(iter(cached))]


def _quantum(state: State, job: Job) -> int:
    """How many bundles make `quantum_s` of work; 1 while the run time is unknown."""
    task_s = job.task_s
    if not task_s:
        return 1
    return max(1, min(state.settings.batch, int(state.settings.quantum_s / (task_s * job.ready[-1].n))))


def _lease(state: State, bundle: Bundle, standing: Standing, now: float) -> Hold | None:
    """Books one replica: money reserved, owner noted, deadline set. None when the budget does not allow it."""
    job = bundle.job
    count = bundle.span
    cost = count * job.most_micros
    if job.spent_micros + job.reserved_micros + cost > job.budget_micros:
        job.starved = True
        return None
    hold = hold_for(state, job, standing, count, now)
    take(bundle, standing.node, hold, cost)
    if job.bonus_micros:
        bonus.promise(standing.node, bundle, count)
    bundle.want -= 1
    if not bundle.want:
        _remove(job, bundle)
        state.waiting.pop(bundle.id, None)
    return hold


def extent(bundle: Bundle) -> int:
    """How many of its tasks, from the first on, one more replica has to run."""
    return bundle.n if bundle.open is None else bundle.open[-1] + 1


def hold_for(state: State, job: Job, standing: Standing, count: int, now: float) -> Hold:
    """The terms of a lease: its deadline allows for everything the node already holds, and for what it takes there."""
    node, settings = standing.node, state.settings
    share = count / node.pace
    run_s = share * (job.task_s or job.wall_s)
    likely_s = node.backlog_s + run_s
    deadline = now + settings.slack_s + settings.slowness * likely_s + SPREADS * share * job.spread_s
    late_s = settings.lateness * likely_s
    late_at = now + (late_s if late_s > settings.late_s else settings.late_s)
    return Hold(deadline, count, run_s / node.cores, standing, now, late_at)


def take(bundle: Bundle, node: Node, hold: Hold, cost: int) -> None:
    """Writes a lease into bundle, node and job."""
    job = bundle.job
    job.reserved_micros += cost
    job.leases += 1
    bundle.leases += 1
    bundle.owners[node.owner] = node.key
    node.held[bundle.id] = hold
    node.backlog_s += hold.expected_s
    node.next_deadline = min(node.next_deadline, hold.deadline)


def _remove(job: Job, bundle: Bundle) -> None:
    last = job.ready.pop()
    if last is not bundle:
        job.ready[bundle.at] = last
        last.at = bundle.at
    bundle.at = -1
