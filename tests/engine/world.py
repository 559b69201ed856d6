"""A tiny world around the engine: nodes that answer, lie, vanish and come back, driven by one seed.

It uses the engine as its shell does and checks every invariant after every fact.
"""

from random import Random

from we1web.domain.policy import POLICIES
from we1web.domain.strategy import STRATEGIES
from we1web.domain.task import TRANSITIONS, TaskState
from we1web.engine import sanity
from we1web.engine.effects import Dispute, Settled, Surplus
from we1web.engine.reactor import Engine
from we1web.engine.settings import Settings
from we1web.engine.state import Job, Node
from we1web.protocol import outcome
from we1web.protocol.messages import Limits, Register

RUNTIME = "wasm-1"
PRICE = 100
LIMITS = Limits(wall_ms=1000, memory_bytes=1 << 20, output_bytes=1 << 16, instructions=0)
SUCCESSORS = {state: {after for (before, _), after in TRANSITIONS.items() if before == state} for state in TaskState}
"""By the table: what may follow a state in one step."""


def truth(task_id: int) -> bytes:
    return outcome.value(b"right %d" % task_id)


def lie(task_id: int, who: int) -> bytes:
    return outcome.value(b"wrong %d %d" % (task_id, who))


class World:
    def __init__(self, seed: int = 1, settings: Settings | None = None) -> None:
        self.random = Random(seed)
        self.engine = Engine(seed, settings)
        self.now = 0.0
        self.settled: list[Settled] = []
        self.surplus: list[Surplus] = []
        self.disputes: list[Dispute] = []
        self.finished: list[Job] = []
        self._lives: dict[int, TaskState] = {}

    def node(self, key: int, owner: int | None = None, window: int = 8, *, network: str = "", **facts: object) -> Node:
        node = self.engine.know(key, owner if owner is not None else key)
        node.network = network
        self.join(node, window, **facts)
        return node

    def join(self, node: Node, window: int = 8, *, resumed: tuple[int, ...] = (), **facts: object) -> list[int]:
        """`facts` are fields of the node's registration."""
        told = {"cores": 2, "memory_bytes": 1 << 30, "runtimes": [RUNTIME], "speed": 1.0} | facts
        register = Register(node="", name=f"node {node.key}", window=window, **told)
        return self.checked(self.engine.join(node, register, True, resumed, self.now))

    def job(
        self,
        tasks: int,
        bundle: int = 1,
        *,
        key: int = 1,
        budget_votes: float = 25,
        interactive: bool = False,
        strategy: str = "reliability_weighted",
        requester: int = 10_000,
        policy: str = "classic",
        closed: bool = True,
    ) -> Job:
        budget = int(tasks * budget_votes * PRICE)
        job = Job(key, requester, RUNTIME, POLICIES[policy], STRATEGIES[strategy], PRICE, budget, LIMITS)
        job.interactive = interactive
        self.engine.add_job(job)
        for first in range(0, tasks, bundle):
            ids = range(first, min(tasks, first + bundle))
            self.engine.add_bundle(job, (key << 20) + first, [outcome.inline(b"%d" % i) for i in ids], self.now)
        self.engine.update_job(job, tasks, closed)
        return self.checked(job)

    def checked(self, value):
        sanity.check(self.engine.state)
        self._check_lives()
        self.settled += self.engine.take_settled()
        self.surplus += self.engine.take_surplus()
        self.disputes += self.engine.take_disputes()
        self.finished += self.engine.take_finished()
        return value

    def _check_lives(self) -> None:
        """What happened to each task since the last look is possible by the table of its life."""
        for bundle in self.engine.state.bundles.values():
            for task_id in range(bundle.id, bundle.id + bundle.n):
                state = self.engine.task_state(task_id)
                if state is not None:
                    before = self._lives.get(task_id, TaskState.QUEUED)
                    assert state == before or state in SUCCESSORS[before], f"{before} became {state}"
                    self._lives[task_id] = state

    def place(self):
        return self.checked(self.engine.place(self.now))

    def answer(self, node: Node, bundle_id: int, outcomes: list[bytes] | None = None) -> str:
        hold = node.held.get(bundle_id)
        count = hold.tasks if hold else 1
        outcomes = outcomes if outcomes is not None else [truth(bundle_id + i) for i in range(count)]
        self.now += 0.001 * count
        refusal = self.engine.report(node, bundle_id, outcomes, 1000 * count, self.now)
        self.engine.reported(node, self.now)
        return self.checked(refusal)

    def tick(self, seconds: float) -> None:
        self.now += seconds
        self.checked(self.engine.tick(self.now))

    def run(self, answers, rounds: int = 10_000) -> None:
        """Places and answers until nothing is under way; `answers(node, task_id)` gives the outcome, None to vanish."""
        for _ in range(rounds):
            self.place()
            held = [(node, b) for node in self.engine.state.nodes.values() if node.alive for b in node.held]
            if not held:
                return
            node, bundle_id = held[self.random.randrange(len(held))]
            if bundle_id not in node.held:
                continue
            outcomes = [answers(node, bundle_id + i) for i in range(node.held[bundle_id].tasks)]
            if None in outcomes:
                self.checked(self.engine.leave(node, self.now))
            else:
                self.answer(node, bundle_id, outcomes)
        raise AssertionError("the world does not come to rest")

    def outcomes(self) -> dict[int, bytes]:
        return {s.bundle.id + p: o for s in self.settled for p, o in zip(s.places, s.outcomes, strict=True)}

    def earned(self) -> dict[int, int]:
        """Node key -> paid votes."""
        paid: dict[int, int] = {}
        for settled in self.settled:
            for standing in settled.paid:
                paid[standing.node.key] = paid.get(standing.node.key, 0) + len(settled.places)
        for extra in self.surplus:
            paid[extra.standing.node.key] = paid.get(extra.standing.node.key, 0) + len(extra.places)
        return paid


__all__ = ["PRICE", "RUNTIME", "TaskState", "World", "lie", "truth"]
