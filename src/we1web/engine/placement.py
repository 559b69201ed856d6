"""Which bundle goes to which node: turns between jobs, the job's strategy between nodes, chance between bundles.

Every decision costs the same however much is queued: nodes are compared in samples, bundles are drawn at random
(a vote must not be predictable, see consensus) and the search for one that fits an owner is bounded.
"""

from we1web.engine import appetite
from we1web.engine.state import Bundle, Hold, Job, Node, Standing, State

SEARCH = 32
"""Bundles looked at before a node is set aside for this round."""

MAX_ASIDE = 64
"""Nodes set aside before a job's turn ends: others are drawn at the next."""

WIDE_SAMPLE = 64
"""Nodes compared for an interactive task, so that a proven one is among the three if there is any."""

Leases = dict[Node, list[tuple[Bundle, Hold]]]


def want(state: State, bundle: Bundle, replicas: int, now: float) -> None:
    """Asks for more replicas of a bundle."""
    if bundle.want == 0:
        job = bundle.job
        bundle.at = len(job.ready)
        bundle.since = now
        job.ready.append(bundle)
        state.ready_jobs[job.key] = job
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
    progress = True
    while progress and state.ready_jobs:
        progress = False
        for job in list(state.ready_jobs.values()):
            if not job.ready:
                del state.ready_jobs[job.key]
            elif state.hungry.get(job.runtime_id):
                progress |= _turn(state, job, now, out)
        _rotate(state)
    return out


def _rotate(state: State) -> None:
    """The job that went first goes last next time."""
    if len(state.ready_jobs) > 1:
        first = next(iter(state.ready_jobs))
        state.ready_jobs[first] = state.ready_jobs.pop(first)


def _turn(state: State, job: Job, now: float, out: Leases) -> bool:
    """One job's turn: its share of the hungry nodes, a frame each. True when anything was placed."""
    hungry = state.hungry[job.runtime_id]
    job.starved = False
    frames = -(-len(hungry) // len(state.ready_jobs))
    aside: list[Standing] = []
    placed = False
    while frames and job.ready and hungry:
        standing = _choose(state, job, hungry)
        given = _fill(state, job, standing, now)
        if given:
            placed = True
            frames -= 1
            out.setdefault(standing.node, []).extend(given)
            appetite.update(state, standing.node)
        else:
            appetite.drop(state, standing)
            aside.append(standing)
            if job.starved or len(aside) >= MAX_ASIDE:
                break
    for standing in aside:
        appetite.update(state, standing.node)
    return placed


def _choose(state: State, job: Job, hungry: list[Standing]) -> Standing:
    """The best of a random sample, by the job's strategy."""
    strategy = job.strategy
    size = len(hungry)
    sample = min(size, WIDE_SAMPLE if job.interactive else strategy.sample)
    if sample == size:
        candidates = hungry
    else:
        random = state.random
        candidates = [hungry[int(random() * size)] for _ in range(sample)]
    if job.interactive and not job.ready[-1].owners:
        return max(candidates, key=lambda standing: (standing.proven, strategy.score(standing)))
    return max(candidates, key=strategy.score)


def _fill(state: State, job: Job, standing: Standing, now: float) -> list[tuple[Bundle, Hold]]:
    """As many bundles for one node as its window, the frame and a fair share allow."""
    node = standing.node
    if node.memory_bytes < job.memory_bytes or node.owner == job.requester:
        return []
    share = len(job.ready) // len(state.hungry[job.runtime_id])
    room = min(state.settings.batch, node.window - len(node.held), max(share, _quantum(state, job)))
    given: list[tuple[Bundle, Hold]] = []
    for _ in range(room):
        bundle = _draw(state, job, node.owner)
        if bundle is None:
            break
        hold = _lease(state, bundle, standing, now)
        if hold is None:
            break
        given.append((bundle, hold))
    if given:
        state.served += 1
        node.last_served = state.served
    return given


def _quantum(state: State, job: Job) -> int:
    """How many bundles make `quantum_s` of work; 1 while the run time is unknown."""
    task_s = job.task_s
    if not task_s:
        return 1
    return max(1, min(state.settings.batch, int(state.settings.quantum_s / (task_s * job.ready[-1].n))))


def _draw(state: State, job: Job, owner: int) -> Bundle | None:
    """A random ready bundle that this owner has nothing to do with yet."""
    ready = job.ready
    size = len(ready)
    if not size:
        return None
    start = int(state.random() * size)
    bundle = ready[start]
    if owner not in bundle.owners:
        return bundle
    for step in range(1, min(size, SEARCH)):
        bundle = ready[(start + step) % size]
        if owner not in bundle.owners:
            return bundle
    return None


def _lease(state: State, bundle: Bundle, standing: Standing, now: float) -> Hold | None:
    """Books one replica: money reserved, owner noted, deadline set. None when the budget does not allow it."""
    job = bundle.job
    count = bundle.span
    cost = count * job.price_micros
    if job.spent_micros + job.reserved_micros + cost > job.budget_micros:
        job.starved = True
        return None
    hold = hold_for(state, job, standing, count, now)
    take(bundle, standing.node, hold, cost)
    bundle.want -= 1
    if not bundle.want:
        _remove(job, bundle)
        state.waiting.pop(bundle.id, None)
    return hold


def hold_for(state: State, job: Job, standing: Standing, count: int, now: float) -> Hold:
    """The terms of a lease: its deadline allows for everything the node already holds."""
    node, settings = standing.node, state.settings
    work_s = count * (job.task_s or job.wall_s)
    wait_s = settings.slack_s + settings.slowness * (node.backlog_s + work_s)
    return Hold(now + wait_s, count, work_s / node.cores, standing)


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
