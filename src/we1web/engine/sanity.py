"""Every invariant of the engine's state, derived anew. For tests and the simulator: linear in what is open, so never
called on the hot path."""

from we1web.domain.requirements import own_vote
from we1web.engine.appetite import proven_share, works
from we1web.engine.pace import FASTEST, SLOWEST
from we1web.engine.placement import MAX_CACHED
from we1web.engine.state import Bundle, Job, Node, State, runtime_class
from we1web.engine.stragglers import MAX_LATE


def check(state: State) -> None:
    """Raises AssertionError naming the first broken invariant."""
    for node in state.nodes.values():
        _check_node(state, node)
    for bundle in state.bundles.values():
        _check_bundle(state, bundle)
    for job in state.jobs.values():
        _check_job(state, job)
    _check_online(state)
    _check_lines(state)


def _check_node(state: State, node: Node) -> None:
    for bundle_id, hold in node.held.items():
        bundle = state.bundles[bundle_id]
        if node.referee:
            assert bundle.judge is hold.standing and bundle.appeal, "a referee works on what was appealed"
            continue
        assert bundle.owners[node.owner] == node.key, "a lease is noted with its bundle"
        assert 0 < hold.tasks <= bundle.n, "a lease asks for a beginning of its bundle"
    assert SLOWEST <= node.pace <= FASTEST, "a pace is bounded"
    for bundle_id in node.due:
        assert bundle_id in node.held and state.bundles[bundle_id].job.bonus_micros, "what is due is held for a bonus"
    assert node.held or not node.backlog_s, "who holds nothing has nothing to do"
    assert len(node.cached) <= MAX_CACHED, "what a node may have cached is bounded"
    for standing in node.standings.values():
        hungry = state.hungry[standing.runtime_id]
        if standing.slot >= 0:
            assert hungry[standing.slot] is standing, "a hungry node is where it says"
            assert len(node.held) < node.window, "who has no room is not hungry"
            assert works(node) and not standing.expelled, "who may work"


def _check_bundle(state: State, bundle: Bundle) -> None:
    holders = [key for key in bundle.owners.values() if bundle.id in state.nodes[key].held]
    assert len(holders) == bundle.leases, "leases are counted"
    voters = [ballot.standing.node.owner for ballot in bundle.ballots]
    assert len(set(voters)) == len(voters), "an owner votes once"
    assert set(voters) <= bundle.owners.keys(), "voters are known as owners"
    assert bundle.job.requester not in voters or own_vote(bundle.job), "nobody votes on the own job uninvited"
    assert (bundle.late or set()) <= set(holders), "only a lease can be written off"
    assert len(bundle.late or ()) <= MAX_LATE, "few leases of a bundle are written off"
    assert (bundle.want > 0) == (bundle.at >= 0), "ready exactly while wanted"
    if bundle.at >= 0:
        assert bundle.job.ready[bundle.at] is bundle, "a ready bundle is where it says"
    if bundle.hearing:
        assert bundle.appeal and not bundle.leases, "a contested bundle is for referees only"
    elif bundle.settled:
        assert not bundle.ballots and not bundle.appeal, "nothing is judged that is settled"
        assert bundle.leases or bundle.bait, "a settled bundle only waits for its leases, or is a bait"
    else:
        held = bundle.held_at >= 0
        assert bundle.want or bundle.leases or bundle.appeal or held, (
            "what is open is wanted, under way, judged or held"
        )
        assert not (bundle.appeal and bundle.want), "while a referee is asked nobody else is"
        assert held == (bundle.id in bundle.job.held), "held bundles are listed"
        assert not held or (bundle.ballots and not bundle.appeal), "what is held has votes, and nobody judges it"
    waits = bundle.id in bundle.job.appeals
    assert waits == (bool(bundle.appeal) and bundle.judge is None), "an appeal waits or is heard"
    if bundle.final is not None and bundle.open is not None:
        assert set(bundle.open).isdisjoint(bundle.final), "open places have no outcome"
        assert len(bundle.open) + len(bundle.final) == bundle.n or bundle.settled, "every place is open or ended"


def _check_job(state: State, job: Job) -> None:
    reserved = 0
    leases = 0
    for bundle in job.bundles.values():
        assert state.bundles[bundle.id] is bundle, "a job's bundles are the engine's"
        leases += bundle.leases
        places = range(bundle.n) if bundle.open is None else bundle.open
        reserved += sum(1 for ballot in bundle.ballots for place in places if place < len(ballot.outcomes))
        for key in bundle.owners.values():
            hold = state.nodes[key].held.get(bundle.id)
            reserved += hold.tasks if hold is not None else 0
    assert leases == job.leases, "a job's leases are counted"
    assert reserved * job.most_micros == job.reserved_micros, "money reserved is leases and open votes"
    assert job.price_micros <= job.most_micros == job.price_micros + job.bonus_micros, "a bonus comes on top"
    assert job.spent_micros + job.reserved_micros <= job.budget_micros, "a job never costs more than its budget"
    assert sum(bundle.n for bundle in job.held.values()) == job.held_tasks, "held tasks are counted"
    assert bool(job.held) == (job.key in state.holding), "jobs with held bundles are listed"
    assert bool(job.appeals) == (job.key in state.appealing), "jobs with appeals are listed"
    assert job.verified + job.failed <= job.ended or job.ended == 0, "ended tasks are counted"


def _check_online(state: State) -> None:
    assert state.held == sum(len(job.held) for job in state.holding.values()), "held bundles are counted"
    cores = sum(node.cores for node in state.nodes.values() if node.alive and not node.referee)
    assert cores == state.cores_online, "cores online are counted"
    for runtime_id, owners in state.owners_online.items():
        expected: dict[int, int] = {}
        for node in state.nodes.values():
            standing = node.standings.get(runtime_id)
            if node.alive and not node.referee and standing is not None and standing.offered and not standing.expelled:
                expected[node.owner] = expected.get(node.owner, 0) + 1
        assert owners == expected, "owners online are counted"
        assert 0.0 <= proven_share(state, runtime_id) <= 1.0, f"proven share of {runtime_class(runtime_id)}"


def _check_lines(state: State) -> None:
    standing: list[Job] = []
    for runtime_id, line in state.lines.items():
        jobs = [entry[-1] for entry in line.heap] + list(line.aside)
        assert all(job.runtime_id == runtime_id for job in jobs), "a job stands in line for its runtime"
        standing += jobs
    keys = [job.key for job in standing]
    assert len(set(keys)) == len(keys), "a job stands in line once"
    assert all(job.in_line for job in standing), "who stands in line knows it"
    for job in state.jobs.values():
        assert not job.ready or (job.key in keys and job.key in state.ready_jobs), "what is ready gets its turn"
