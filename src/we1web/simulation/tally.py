"""What is counted during a simulation, from the outside: it knows the truth, which the engine never does."""

from collections.abc import Mapping, Sequence

from we1web.engine.effects import Settled, Surplus
from we1web.engine.state import FAILED, VERIFIED, Bundle, Job
from we1web.simulation.adversaries import Answers
from we1web.simulation.fleet import Fleet, Worker


class Tally:
    """Counts; see the names. Times are virtual seconds."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.accepted = 0
        self.wrong = 0
        self.failed = 0
        self.executions = 0
        """Task executions by voters whose report was accepted."""
        self.referee_executions = 0
        self.error_bound = 0.0
        """The largest chance of error that a policy stated."""
        self.latencies: list[float] = []
        """Per settled bundle part: from loading to the verdict."""
        self.gpu_latencies: list[float] = []
        """Those of jobs that need a graphics processor."""
        self.waits: list[float] = []
        """Per bundle: from loading to the first lease."""
        self.busy_s = 0.0
        self.useful_s = 0.0
        self.spent_micros = 0
        self.asked_micros = 0.0
        """What the owners of the nodes that worked want at least for it."""
        self.makespans: dict[int, float] = {}
        self.late_jobs = 0
        self.honest_expelled = self.adversaries_expelled = 0
        self.honest_correct = self.honest_paid = 0
        self.honest_nodes = self.adversaries = 0
        self.shares: list[float] = []
        """Earnings of each honest node per second of capacity that it offered."""
        self.earnings: list[float] = []
        """Votes of each honest node that were paid."""
        self.ended_at = 0.0
        self._submitted: dict[int, float] = {}
        self._loaded: dict[int, float] = {}
        self._waiting: set[int] = set()
        self._truths: dict[int, bytes] = {}

    def submitted(self, job: int, now: float) -> None:
        self._submitted[job] = now

    def loaded(self, bundle_id: int, now: float) -> None:
        self._loaded[bundle_id] = now
        self._waiting.add(bundle_id)

    def leased(self, bundle: Bundle, now: float) -> None:
        if bundle.id in self._waiting:
            self._waiting.remove(bundle.id)
            self.waits.append(now - self._loaded[bundle.id])

    def ran(self, worker: Worker, busy_s: float) -> None:
        if not worker.member.referee:
            self.busy_s += busy_s

    def counted(self, worker: Worker, bundle: Bundle, outcomes: Sequence[bytes], busy_s: float) -> None:
        if worker.member.referee:
            self.referee_executions += len(outcomes)
            return
        self.executions += len(outcomes)
        self.useful_s += busy_s
        self.asked_micros += worker.member.device.floor_micros_per_h * busy_s / 3600
        truth = self._answers.truth
        worker.correct += sum(1 for task, got in enumerate(outcomes, bundle.id) if got == truth(task))

    def settled(self, settled: Settled, workers: Mapping[int, Worker], now: float) -> None:
        first = settled.bundle.id
        self.latencies.append(now - self._loaded[first])
        if settled.bundle.job.requirements.gpu:
            self.gpu_latencies.append(now - self._loaded[first])
        if settled.state != VERIFIED:
            self.failed += len(settled.places) if settled.state == FAILED else 0
            return
        right = [self._right(first + p, got) for p, got in zip(settled.places, settled.outcomes, strict=True)].count(
            True
        )
        self.accepted += len(settled.places)
        self.wrong += len(settled.places) - right
        self.error_bound = max(self.error_bound, settled.error)
        for standing in settled.paid:
            worker = workers[standing.node.key]
            worker.paid += right
            worker.earned += len(settled.places)
        for standing in settled.rejected:
            workers[standing.node.key].rejected += len(settled.places)

    def surplus(self, surplus: Surplus, workers: Mapping[int, Worker]) -> None:
        worker, final = workers[surplus.standing.node.key], surplus.bundle.final or {}
        first = surplus.bundle.id
        worker.paid += [self._right(first + place, final[place]) for place in surplus.places].count(True)
        worker.earned += len(surplus.places)

    def _right(self, task: int, encoded: bytes) -> bool:
        return encoded == self._answers.truth(task)

    def finished(self, job: Job, now: float) -> None:
        self.spent_micros += job.spent_micros
        self.makespans[job.key] = now - self._submitted[job.key]
        self.late_jobs += job.deadline is not None and now > job.deadline

    def close(self, fleet: Fleet, now: float) -> None:
        """The figures of the nodes, under every name they had."""
        self.ended_at = now
        for worker in fleet:
            if worker.node.alive:
                worker.disconnected(now)
            if worker.member.referee:
                continue
            if worker.honest:
                self._honest(worker)
            else:
                self.adversaries += 1
                self.adversaries_expelled += worker.expelled

    def _honest(self, worker: Worker) -> None:
        self.honest_nodes += 1
        self.honest_expelled += worker.expelled
        self.honest_correct += worker.correct
        self.honest_paid += worker.paid
        offered = worker.online_s * worker.member.device.speed * worker.member.device.cores
        if offered > 0:
            self.shares.append(worker.earned / offered)
            self.earnings.append(worker.earned)

    @property
    def error(self) -> float:
        return self.wrong / self.accepted if self.accepted else 0.0

    @property
    def honest_unpaid(self) -> float:
        return 1 - self.honest_paid / self.honest_correct if self.honest_correct else 0.0
