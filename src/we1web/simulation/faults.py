"""Histories in a broken world, one for each seed: crashes, partitions, lost and repeated frames, clocks that jump.

The production engine and both production sessions run through it; what is durable is watched by the same checkers as
everywhere. A history goes bad for a while, then heals; by its end every task must have ended and every cent be where
it belongs. A seed that breaks a promise replays exactly.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import NamedTuple

from we1web.domain import recipes
from we1web.domain.policy import POLICIES
from we1web.domain.strategy import STRATEGIES
from we1web.engine import sanity
from we1web.engine.reactor import Engine
from we1web.engine.state import Job, Node
from we1web.protocol import outcome
from we1web.protocol.outcome import RemoteFailure
from we1web.simulation import populations
from we1web.simulation.accounts import job_id, user_id
from we1web.simulation.adversaries import HONEST, Behaviour, Colluding, Independent
from we1web.simulation.chance import coin
from we1web.simulation.checkers import Checker, Violation, Watch, all_checkers
from we1web.simulation.disk import CANCELLED, OPEN, ChunkRow, Disk, JobRow
from we1web.simulation.network import CALM, Network, Weather, Wire
from we1web.simulation.office import Office, open_engine
from we1web.simulation.populations import Device
from we1web.simulation.report import Request, Row
from we1web.simulation.station import Station
from we1web.simulation.timeline import Timeline
from we1web.simulation.workloads import REQUESTER, JobSpec

BAD_S = 90.0
"""Faults happen so long; then the world heals."""
HORIZON_S = 1_800.0
PATIENCE_S = 120.0
MOST_RESCUERS = 20
"""Then every task has had as many votes as any policy asks for, and ends one way or the other."""
CHUNK = 16
STRIDE = 7
BONUS_MICROS, BONUS_WITHIN_S = 250, 1.5
"""What every other job offers: some of its votes come in time, and some do not."""
SECRET = b"the same after every restart"
ERRORS, NONES = 0.05, 0.03
"""Shares of tasks that fail, and of those that end without an outcome, on every machine."""


class Durable(Checker):
    """Remembers every report that reached the disk."""

    def __init__(self) -> None:
        self.reports: set[tuple[int, int]] = set()

    def counted(self, node: Node, bundle: object, outcomes: Sequence[bytes]) -> None:
        self.reports.add((node.key, bundle.id))  # type: ignore[attr-defined]


def truth(task: int) -> bytes:
    """What every honest machine finds."""
    kind = coin(task)
    if kind < NONES:
        return outcome.none("time_limit")
    if kind < NONES + ERRORS:
        return outcome.error(RemoteFailure("ValueError", "bad input", ""))
    return outcome.value(b"%d" % task)


class History:
    """One world from a seed."""

    def __init__(self, seed: int, checkers: Sequence[Checker] | None = None) -> None:
        self.random = random = Random(seed)
        self.timeline = Timeline()
        self.disk = Disk()
        self.durable = Durable()
        self.watch = Watch([*(all_checkers() if checkers is None else checkers), self.durable])
        self.network = Network(self.timeline, random, _weather(random))
        self.crashes = 0
        self._journal_s = random.choice((0.002, 0.02, 0.3))
        self.office: Office | None = self._new_office()
        self.stations = [self._station(number, self._behaviour()) for number in range(1, random.randint(7, 14))]
        self.rescuers = 0
        self._plan_jobs()
        self._plan_faults()

    # the cast

    def engine(self) -> Engine:
        """A fresh engine for the next life of the coordinator."""
        return open_engine(self.random.getrandbits(32))

    def _new_office(self) -> Office:
        return Office(self.network, self.disk, self.watch, self.random, SECRET, self._journal_s, self.engine())

    def _behaviour(self) -> Behaviour:
        drawn = self.random.random()
        if drawn < 0.12:
            return Colluding(0.5)
        return Independent(0.3) if drawn < 0.2 else HONEST

    def _station(self, number: int, behaviour: Behaviour) -> Station:
        random = self.random
        device = Device(speed=random.uniform(0.5, 3), cores=random.choice((1, 2, 4)), build=random.choice(("a", "b")))
        referee = number <= 2 and random.random() < 0.5
        station = Station(
            number,
            1 + (number * 5) // 6,  # a few owners have two nodes
            device,
            HONEST if referee else behaviour,
            self.network,
            random,
            self._dial,
            truth,
            lambda key, bundle: (key, bundle) in self.durable.reports,
            referee,
        )
        station.failing = random.choice((0.0, 0.0, 0.05))
        return station

    def _dial(self, station: Station) -> Wire | None:
        if self.office is None or station.number in self.network.cut_off:
            return None
        wire = self.network.connect(station.number, station, self.office)
        self.office.accept(wire)
        return wire

    # the plan

    def _plan_jobs(self) -> None:
        judged = any(station.referee for station in self.stations)
        names = [name for name, policy in POLICIES.items() if policy.check_rate > 0 and (judged or name != "checked")]
        for key in range(1, self.random.randint(2, 4)):
            spec = JobSpec(self.random.randint(10, 60), bundle=self.random.choice((1, 2, 4)), at_s=0.0)
            if key % 2:
                spec = replace(spec, bonus_micros=BONUS_MICROS, bonus_within_s=BONUS_WITHIN_S)
            self.timeline.after(self.random.uniform(0, BAD_S / 2), self._submit, key, spec, self.random.choice(names))

    def _submit(self, key: int, spec: JobSpec, policy: str) -> None:
        strategy = self.random.choice(list(STRATEGIES))
        self.disk.jobs[key] = row = JobRow(key, spec, POLICIES[policy], STRATEGIES[strategy])
        budget = spec.job(key, row.policy, row.strategy, 0.0).budget_micros
        self.disk.ledger.post(recipes.fund(str(key), user_id(REQUESTER), budget))
        self.disk.ledger.post(recipes.hold(job_id(key), user_id(REQUESTER), budget))
        for start in range(0, spec.tasks, CHUNK):
            chunk = ChunkRow((key << 10) + start // CHUNK, key, min(CHUNK, spec.tasks - start))
            self.disk.chunks[chunk.id] = chunk
        if self.office is not None:
            self.office.submitted()
        if self.random.random() < 0.15:
            self.timeline.after(self.random.uniform(1, 40), self._cancel_job, key)
        for _ in range(self.random.choice((0, 0, 3))):
            task = ((key << 10) << 20) + self.random.randrange(min(CHUNK, spec.tasks))
            self.timeline.after(self.random.uniform(0.1, 20), self._cancel_task, task)

    def _cancel_job(self, key: int) -> None:
        if self.disk.jobs[key].state == OPEN:
            self.disk.jobs[key].state = CANCELLED
            if self.office is not None:
                self.office.cancel_job(key)

    def _cancel_task(self, task: int) -> None:
        if self.office is not None:
            self.office.cancel_task(task)

    def _plan_faults(self) -> None:
        random = self.random
        kinds = (self._crash, self._partition, self._kill, self._drain, self._node_sleeps, self._coordinator_stalls)
        for _ in range(random.randint(2, 14)):
            self.timeline.after(random.uniform(1, BAD_S), random.choice(kinds))
        self.timeline.after(BAD_S, self._heal)

    def _crash(self) -> None:
        if self.office is not None:
            self.crashes += 1
            self.office.crash()
            self.office = None
            self.timeline.after(self.random.uniform(0.1, 15), self._restart)

    def _restart(self) -> None:
        self.office = self._new_office()

    def _partition(self) -> None:
        away = self.random.sample(self.stations, self.random.randint(1, len(self.stations)))
        numbers = {station.number for station in away}
        self.network.cut_off |= numbers
        self.timeline.after(self.random.uniform(1, 30), self.network.cut_off.difference_update, numbers)

    def _kill(self) -> None:
        self.random.choice(self.stations).kill(self.random.uniform(0.1, 20))

    def _drain(self) -> None:
        self.random.choice(self.stations).drain()

    def _node_sleeps(self) -> None:
        self.random.choice(self.stations).sleep(self.random.choice((2.0, 60.0, 1e5)))

    def _coordinator_stalls(self) -> None:
        if self.office is not None:
            self.office.jump(self.random.choice((1.0, 9.0, 40.0)))

    def _heal(self) -> None:
        self.network.weather = CALM
        self.network.cut_off.clear()
        self.timeline.after(PATIENCE_S, self._rescue)

    def _rescue(self) -> None:
        """So many may have been expelled that nobody is left to ask: then honest strangers come by, one by one."""
        if self.rescuers < MOST_RESCUERS:
            self.rescuers += 1
            self.stations.append(self._station(100 + self.rescuers, HONEST))
            self.timeline.after(PATIENCE_S / 4, self._rescue)

    # the run

    def run(self) -> Row:
        """To the end of all jobs. Raises AssertionError when a promise is broken."""
        events = 0
        while not self._over():
            if not self.timeline.step() or self.timeline.now > HORIZON_S:
                raise Violation(f"it never ends: {self._left()}")
            events += 1
            if events % STRIDE == 0 and self.office is not None:
                sanity.check(self.office.engine.state)
        self.watch.over(self._jobs())
        return {"events": events, "crashes": self.crashes, "ended": len(self.disk.tasks), "rescuers": self.rescuers}

    def _over(self) -> bool:
        rows = self.disk.jobs.values()
        if self.timeline.now < BAD_S or self.office is None or any(row.state == OPEN for row in rows):
            return False
        return not any(self.disk.ledger.escrow(key) for key in self.disk.jobs) and not self.disk.unsettled()

    def _jobs(self) -> list[Job]:
        """As they ended; of cancelled ones only what ended counts."""
        jobs = [self.disk.job(key) for key in self.disk.jobs]
        for job in jobs:
            if self.disk.jobs[job.key].state == CANCELLED:
                job.total = job.ended
        return jobs

    def _left(self) -> str:
        return ", ".join(
            f"job {job.key} ({job.policy.name}) {self.disk.jobs[job.key].state}: {job.ended} of {job.total} ended"
            for job in self._jobs()
        )


def _weather(random: Random) -> Weather:
    return Weather(
        delay_s=random.choice((0.002, 0.03, 0.3)),
        spread=random.choice((0.3, 1.5)),
        loss=random.choice((0.0, 0.002, 0.02)),
        duplicate=random.choice((0.0, 0.0, 0.01)),
        notice_s=random.choice((1.0, 20.0)),
    )


class Fault(NamedTuple):
    """One history."""

    seed: int

    @property
    def label(self) -> dict[str, int]:
        return {"seed": self.seed}

    @property
    def command(self) -> str:
        return f"we1web simulate --suite faults --seeds 1 --seed {self.seed}"

    def run(self) -> Row:
        return History(self.seed).run()


def cases(ask: Request) -> Iterator[Fault]:
    """One for each seed."""
    for seed in range(ask.seed, ask.seed + ask.seeds):
        yield Fault(seed)


__all__ = ["Fault", "History", "cases", "populations", "truth"]
