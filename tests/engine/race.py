"""A job on virtual time: nodes of different speed, some of which fall silent without a word, and when each task ended.

Every node stays connected whatever happens to it: only deadlines and what the engine makes of silence can help.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from random import Random
from statistics import median

from we1web.domain.policy import POLICIES
from we1web.domain.strategy import STRATEGIES
from we1web.engine import sanity
from we1web.engine.reactor import Engine
from we1web.engine.state import TASK_BITS, Bundle, Hold, Job, Node
from we1web.protocol import outcome
from we1web.protocol.messages import Limits, Register

RUNTIME = "wasm-1"
VALUE = outcome.value(b"right")


class Race:
    """`run()` gives the time at which each task ended, in order."""

    def __init__(
        self,
        tasks: int,
        nodes: int,
        task_s: Callable[[Random], float],
        *,
        cores: int = 2,
        vanish: float = 0.0,
        strategy: str = "reliability_weighted",
        policy: str = "classic",
        seed: int = 1,
        check: bool = False,
    ) -> None:
        self.random = Random(seed)
        self.engine = Engine(seed)
        self.tasks, self.task_s, self.check = tasks, task_s, check
        self.times: list[float] = []
        self.executions = 0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self.now = 0.0
        self._loaded = 0
        limits = Limits(wall_ms=600_000, memory_bytes=1 << 20, output_bytes=1 << 16, instructions=0)
        self.job = Job(1, 10_000, RUNTIME, POLICIES[policy], STRATEGIES[strategy], 100, tasks * 1_000, limits)
        self.engine.add_job(self.job)
        self.engine.update_job(self.job, tasks, True)
        self.speed = {key: self.random.choice((0.5, 1.0, 1.0, 2.0)) for key in range(1, nodes + 1)}
        self.queues: dict[int, list[tuple[Bundle, Hold]]] = {key: [] for key in self.speed}
        self.idle = dict.fromkeys(self.speed, cores)
        capacity = cores * sum(self.speed.values())
        mean_s = sum(task_s(Random(i)) for i in range(500)) / 500
        self.expected_s = tasks * POLICIES[policy].estimated_votes * mean_s / capacity
        doomed = self.random.sample(sorted(self.speed), int(vanish * nodes))
        self.dies = {key: self.random.uniform(0, self.expected_s) for key in doomed}
        for key in self.speed:
            register = Register("", "", cores, 1 << 30, [RUNTIME], 1_000.0, 2 * cores)
            self.engine.join(self.engine.know(key, key), register, True, (), 0.0)

    def run(self) -> list[float]:
        self._at(0.0, self._tick)
        while self._events and len(self.times) < self.tasks:
            self.now, _, act = heappop(self._events)
            act()
        return self.times

    def tail(self, share: float = 0.05) -> float:
        """How long the last tasks took beyond what the rest of the job lets expect, in median run times."""
        kept = self.times[: int(len(self.times) * (1 - share))]
        beyond = self.times[-1] - kept[-1] - (kept[-1] - kept[len(kept) // 2]) * share / (0.5 - share)
        return beyond / median(self.task_s(Random(i)) for i in range(500))

    def _at(self, time: float, act: Callable[[], None]) -> None:
        self._count += 1
        heappush(self._events, (time, self._count, act))

    def _tick(self) -> None:
        self.engine.tick(self.now)
        self._place()
        self._at(self.now + 1.0, self._tick)

    def _place(self) -> None:
        while self._loaded < self.tasks and len(self.job.bundles) < 3_000:
            self.engine.add_bundle(self.job, (1 << 40) + (self._loaded << TASK_BITS), [b"\\0x"], self.now)
            self._loaded += 1
        for node, given in self.engine.place(self.now).items():
            self.queues[node.key] += given
            self._work(node)
        if self.check:
            sanity.check(self.engine.state)
        for settled in self.engine.take_settled():
            self.times += [self.now] * len(settled.places)

    def _work(self, node: Node) -> None:
        while self.idle[node.key] and self.queues[node.key]:
            bundle, hold = self.queues[node.key].pop(0)
            if node.held.get(bundle.id) is hold:
                self.idle[node.key] -= 1
                run_s = self.task_s(Random(bundle.id)) / self.speed[node.key]
                self._at(self.now + run_s, lambda b=bundle, h=hold, s=run_s: self._done(node, b, h, s))  # type: ignore[misc]

    def _done(self, node: Node, bundle: Bundle, hold: Hold, run_s: float) -> None:
        if self.now > self.dies.get(node.key, float("inf")):
            return
        self.idle[node.key] += 1
        if node.held.get(bundle.id) is hold:
            self.executions += 1
            self.engine.report(node, bundle.id, [VALUE], int(run_s * 1e6), self.now)
            self.engine.reported(node, self.now)
        self._work(node)
        self._place()
