"""A market on virtual time: the production engine, simulated nodes, real books, and checkers that watch every event.

    world = World(Plan(seed=1, members=members, jobs=[JobSpec(1_000)]), POLICIES["classic"], STRATEGIES["round_robin"])
    world.run()
    print(world.tally.wrong, world.tally.executions)

The world is a shell like the coordinator's: it hands facts to the engine and carries out its effects. It must never
decide anything the engine decides, and everything that happens follows from the plan and its seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from we1web.domain.policy import Policy
from we1web.domain.strategy import Strategy
from we1web.engine import sanity
from we1web.engine.effects import Settled, Surplus
from we1web.engine.reactor import Engine
from we1web.engine.settings import Settings
from we1web.engine.state import TASK_BITS, Bundle, Hold, Job, Node
from we1web.protocol import outcome
from we1web.simulation import populations
from we1web.simulation.accounts import Accounts, MemoryLedger
from we1web.simulation.adversaries import Answers
from we1web.simulation.baselines import Learner
from we1web.simulation.checkers import Checker, Violation, Watch, all_checkers
from we1web.simulation.fleet import Fleet, Member, Worker
from we1web.simulation.tally import Tally
from we1web.simulation.timeline import Timeline
from we1web.simulation.workloads import JobSpec

PULSE_S = 0.02
"""Leases go out at most this often."""
TICK_S = 1.0
CHUNK = 1_000
LEAST_PART = 64
"""Bundles that a job may have in memory although others fill it, as with the coordinator's claims."""
RENAME_S = 5.0
"""Whoever throws a name away is back under another one after this."""
OPERATOR = (1 << 40) + 1
"""Owner of the referees."""
SHARED = 1 << 41
"""Accounts with several nodes are numbered from here."""
MIDDAY_S = 12 * populations.HOUR_S


@dataclass(frozen=True)
class Plan:
    """What is simulated. The same plan always gives the same history."""

    seed: int
    members: Sequence[Member]
    jobs: Sequence[JobSpec]
    values: int = 0
    """So many answers are possible for a task; 0: any bytes."""
    settings: Settings = field(default_factory=Settings)
    open_bundles: int = 3_000
    """Bundles in the engine at once, as many as the coordinator claims."""
    horizon_s: float = populations.DAY_S
    """Whoever is not done by then never will be."""
    stride: int = 1_000
    """The engine's own invariants are derived anew every so many events; 0: never."""


class World:
    """One run of a plan under one policy and one strategy."""

    def __init__(
        self, plan: Plan, policy: Policy, strategy: Strategy, checkers: Sequence[Checker] | None = None
    ) -> None:
        self.plan = plan
        self.policy = policy
        self.strategy = strategy
        self.random = Random(plan.seed)
        self.engine = Engine(plan.seed, plan.settings)
        self.timeline = Timeline()
        self.answers = Answers(plan.values)
        self.fleet = Fleet(plan.members, self.random)
        self.ledger = MemoryLedger()
        self.accounts = Accounts(self.ledger)
        self.watch = Watch(all_checkers() if checkers is None else checkers)
        self.tally = Tally(self.answers)
        self._learner = policy if isinstance(policy, Learner) else None
        self._specs: dict[int, JobSpec] = {}
        self._loading: dict[int, int] = {}
        self._jobs: dict[int, Job] = {}
        self._ended = 0
        self._beating = False
        self._batch = 0

    # the run

    def run(self) -> Tally:
        """Until every job ended. Raises Violation when a promise is broken."""
        self._begin()
        events = 0
        while self._ended < len(self.plan.jobs):
            if not self.timeline.step() or self.timeline.now > self.plan.horizon_s:
                raise Violation(f"{self._open()} never end")
            events += 1
            if self.plan.stride and events % self.plan.stride == 0:
                sanity.check(self.engine.state)
        self._close_books([])
        self.watch.over(self._jobs.values())
        self.tally.close(self.fleet, self.timeline.now)
        return self.tally

    def _open(self) -> str:
        left = {key: job.total - job.ended for key, job in self._jobs.items() if job.ended < job.total}
        return f"tasks of jobs (job: number left) {left}"

    def _begin(self) -> None:
        for member in self.plan.members:
            worker = self._introduce(member)
            if populations.online_at_start(member.device, self.random):
                self._arrive(worker)
            else:
                self._plan_return(worker)
        for key, spec in enumerate(self.plan.jobs, 1):
            self.timeline.after(spec.at_s, self._submit, key, spec)
        self.timeline.after(0.0, self._tick)

    # nodes come and go

    def _introduce(self, member: Member) -> Worker:
        key = len(self.fleet.workers) + 1
        owner = OPERATOR if member.referee else SHARED + member.owner if member.owner else key
        return self.fleet.add(member, self.engine.know(key, owner))

    def _arrive(self, worker: Worker) -> None:
        now = self.timeline.now
        worker.connected(now)
        self.engine.join(worker.node, worker.register(f"node {worker.node.key}"), True, (), now)
        stays = populations.stays_s(worker.member.device, self.random)
        if stays != float("inf"):
            self.timeline.after(stays, self._depart, worker, worker.life)
        self._pulse()

    def _depart(self, worker: Worker, life: int) -> None:
        if worker.life == life:
            if self.random.random() < worker.member.device.politeness:
                for bundle_id in list(worker.node.held):
                    self.engine.give_back(worker.node, bundle_id, self.timeline.now)
            self._leave(worker)
            self._plan_return(worker)

    def _leave(self, worker: Worker) -> None:
        now = self.timeline.now
        worker.disconnected(now)
        self.engine.leave(worker.node, now)
        self._pulse()

    def _plan_return(self, worker: Worker) -> None:
        away = populations.away_s(worker.member.device, self.timeline.now + MIDDAY_S, self.random)
        self.timeline.after(away, self._arrive, worker)

    def _rename(self, worker: Worker) -> None:
        """Throws the name away, and comes back as somebody nobody knows."""
        worker.retired = True
        if worker.node.alive:
            self._leave(worker)
        self.timeline.after(RENAME_S, self._return_renamed, worker.member)

    def _return_renamed(self, member: Member) -> None:
        self._arrive(self._introduce(member))

    # jobs

    def _submit(self, key: int, spec: JobSpec) -> None:
        job = self._jobs[key] = spec.job(key, self.policy, self.strategy, self.timeline.now)
        self._specs[key], self._loading[key] = spec, 0
        self.accounts.open(job)
        self.engine.add_job(job)
        self.engine.update_job(job, spec.tasks, True)
        self.tally.submitted(key, self.timeline.now)
        self._pulse()

    def _feed(self) -> None:
        """Keeps the engine supplied, as claims do."""
        order = sorted(self._loading, key=lambda key: (-self._specs[key].priority, key))
        part = max(LEAST_PART, self.plan.open_bundles // max(1, len(self.engine.state.jobs)))
        for key in order:
            while key in self._loading and len(self._jobs[key].bundles) < part:
                self._load(key, self._specs[key])
        for key in order:
            while key in self._loading and len(self.engine.state.bundles) < self.plan.open_bundles:
                self._load(key, self._specs[key])

    def work_s(self, spec: JobSpec) -> list[float]:
        """Seconds of each task of a job, at speed 1."""
        key = self.plan.jobs.index(spec) + 1
        return [spec.work.seconds(self.plan.seed, _task_id(key, task)) for task in range(spec.tasks)]

    def _load(self, key: int, spec: JobSpec) -> None:
        start = self._loading[key]
        in_chunk = start % CHUNK
        size = min(spec.bundle, spec.tasks - start, CHUNK - in_chunk)
        bundle_id = _task_id(key, start)
        arguments = [outcome.inline(b"%d" % task) for task in range(start, start + size)]
        self.tally.loaded(bundle_id, self.timeline.now)
        self.engine.add_bundle(self._jobs[key], bundle_id, arguments, self.timeline.now)
        self._loading[key] = start + size
        if start + size >= spec.tasks:
            del self._loading[key]

    # work

    def _pulse(self) -> None:
        if not self._beating:
            self._beating = True
            self.timeline.after(PULSE_S, self._beat)

    def _beat(self) -> None:
        """Leases leave, and what the engine decided is carried out."""
        self._beating = False
        if self._loading:
            self._feed()
        for node, given in self.engine.place(self.timeline.now).items():
            self._hand_over(self.fleet.workers[node.key], node, given)
        self._collect()

    def _hand_over(self, worker: Worker, node: Node, given: list[tuple[Bundle, Hold]]) -> None:
        for bundle, hold in given:
            self.watch.leased(node, bundle, hold)
            self.tally.leased(bundle, self.timeline.now)
            worker.received(bundle)
            worker.queue.append((bundle, hold))
        while worker.idle and worker.queue:
            worker.idle -= 1
            self._start(worker, 0.0)

    def _start(self, worker: Worker, behind_s: float) -> None:
        """An idle core takes the next lease; `behind_s` ago it became idle (its report was on the way meanwhile)."""
        taken = worker.next()
        if taken is None:
            worker.idle += 1
            return
        bundle, hold = taken
        spec, device = self._specs[bundle.job.key], worker.member.device
        busy = sum(spec.work.seconds(self.plan.seed, bundle.id + place) for place in range(hold.tasks)) / device.speed
        if device.slow_share and self.random.random() < device.slow_share:
            busy *= 10
        busy += self._download_s(worker, spec)
        self.timeline.after(busy + device.rtt_s - behind_s, self._report, worker, bundle, hold, worker.life, busy)

    def _download_s(self, worker: Worker, spec: JobSpec) -> float:
        """Blobs it does not have yet come first."""
        missing = [(digest, size) for digest, size in spec.inputs if digest not in worker.cached]
        worker.cached.update(digest for digest, _ in missing)
        return sum(size for _, size in missing) / worker.member.device.bytes_per_s if missing else 0.0

    def _report(self, worker: Worker, bundle: Bundle, hold: Hold, life: int, busy: float) -> None:
        self.tally.ran(worker, busy)
        if worker.life != life:
            return
        self._start(worker, worker.member.device.rtt_s)
        node, now = worker.node, self.timeline.now
        if node.held.get(bundle.id) is not hold:
            return
        outcomes = worker.answer(bundle, hold.tasks, self.answers, self.plan.seed)
        code = self.engine.report(node, bundle.id, outcomes, int(busy * 1e6), now)
        if code:
            raise Violation(f"node {node.key} holds bundle {bundle.id} and is refused: {code}")
        self.watch.counted(node, bundle, outcomes)
        self.tally.counted(worker, bundle, outcomes, busy)
        self.engine.reported(node, now)
        if self.engine.state.settled or self.engine.state.surplus:
            self._collect()
        self._pulse()

    # effects

    def _collect(self) -> None:
        """Everything that ended, in the order of the journal: tasks, late votes, jobs."""
        for settled in self.engine.take_settled():
            self._settled(settled)
        for surplus in self.engine.take_surplus():
            self._surplus(surplus)
        self.engine.take_in_time()  # nothing is replayed here
        self.engine.take_withdrawn()  # workers look at their own leases
        self.engine.take_disputes()
        for standing in self.engine.take_changed():
            if standing.expelled:
                self.watch.expelled(standing.node)
        finished = self.engine.take_finished()
        if finished:
            self._close_books(finished)

    def _settled(self, settled: Settled) -> None:
        self.watch.settled(settled)
        self.accounts.settled(settled)
        self.tally.settled(settled, self.fleet.workers, self.timeline.now)
        if self._learner is not None:
            self._learner.learn(settled)
        for standing in settled.rejected:
            self._reconsider(self.fleet.workers[standing.node.key])

    def _surplus(self, surplus: Surplus) -> None:
        self.watch.surplus(surplus)
        self.accounts.surplus(surplus)
        self.tally.surplus(surplus, self.fleet.workers)

    def _reconsider(self, worker: Worker) -> None:
        if not worker.retired and worker.member.behaviour.renames(worker.rejected, worker.expelled):
            self._rename(worker)

    def _close_books(self, finished: list[Job]) -> None:
        self._batch += 1
        self.accounts.post(self.accounts.close(self._batch, finished))
        self.watch.posted(self.ledger)
        for job in finished:
            self._ended += 1
            self.tally.finished(job, self.timeline.now)
            self.watch.finished(job, self.ledger)

    def _tick(self) -> None:
        self.engine.tick(self.timeline.now)
        for worker in [w for w in self.fleet if w.expelled and not w.retired]:
            self._reconsider(worker)
        self._collect()
        if not self.accounts.books.empty:
            self._close_books([])
        self._pulse()
        self.timeline.after(TICK_S, self._tick)


def _task_id(key: int, task: int) -> int:
    """Tasks are stored in chunks; a job's first ones start at its key."""
    return (((key << 20) + task // CHUNK) << TASK_BITS) + task % CHUNK
