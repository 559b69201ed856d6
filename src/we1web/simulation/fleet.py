"""The nodes of a simulation: who they are, what they hold, when they come and go, and what they answer.

A worker is a device with a behaviour and the name it goes by. It works like the real one: leases wait in a queue, each
core takes the next, what was withdrawn meanwhile is skipped. It must never read the engine beyond its own leases.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from we1web.engine.state import Bundle, Hold, Node
from we1web.protocol.messages import Register
from we1web.simulation.adversaries import HONEST, TRUTH, Answers, Behaviour, Sight
from we1web.simulation.populations import Device
from we1web.simulation.workloads import RUNTIME

PREFETCH = 2
"""Leases a node asks for, per core: one runs, one waits."""


class Member(NamedTuple):
    """A device, who owns it, and how it behaves."""

    device: Device
    behaviour: Behaviour = HONEST
    honest: bool = True
    """Means well: its correct work has to be paid, and it must not be expelled."""
    owner: int = 0
    """Equal numbers, one account; 0: an account of its own, and a new one with every new name."""
    clique: int = 0
    """Equal numbers know each other; 0: knows nobody."""
    referee: bool = False


class Clique:
    """What the members tell each other: how many of them got a bundle."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.seen: dict[int, int] = {}


class Worker:
    """A member under one name. A new name is a new worker."""

    __slots__ = (
        "answered",
        "cached",
        "clique",
        "correct",
        "earned",
        "idle",
        "life",
        "member",
        "node",
        "online_s",
        "paid",
        "queue",
        "rejected",
        "retired",
        "since",
    )

    def __init__(self, member: Member, node: Node, clique: Clique) -> None:
        self.member = member
        self.node = node
        self.clique = clique
        self.queue: deque[tuple[Bundle, Hold]] = deque()
        self.idle = 0
        self.life = 0
        """Counts its connections: what it began in an earlier one is lost."""
        self.cached: set[bytes] = set()
        """Blobs it has downloaded."""
        self.answered = 0
        self.correct = 0
        """Correct votes that were asked for and in time."""
        self.paid = 0
        """Correct votes that were paid."""
        self.rejected = 0
        self.earned = 0
        """All votes that were paid."""
        self.online_s = 0.0
        self.since = 0.0
        self.retired = False

    @property
    def honest(self) -> bool:
        return self.member.honest

    @property
    def expelled(self) -> bool:
        return any(standing.expelled for standing in self.node.standings.values())

    def register(self, name: str) -> Register:
        """What it says of itself."""
        device = self.member.device
        return Register(
            "",
            name,
            device.cores,
            device.memory_bytes,
            [RUNTIME],
            device.speed * 100,
            device.cores * PREFETCH,
            device.build,
            gpu=device.gpu,
            country=device.country,
            floor_micros_per_h=device.floor_micros_per_h,
            cached=sorted(self.cached),
            referee="*" if self.member.referee else "",
        )

    def received(self, bundle: Bundle) -> None:
        """A lease arrived; the clique hears of it."""
        if self.clique.number:
            self.clique.seen[bundle.id] = self.clique.seen.get(bundle.id, 0) + 1

    def next(self) -> tuple[Bundle, Hold] | None:
        """The next lease that is still wanted."""
        while self.queue:
            bundle, hold = self.queue.popleft()
            if self.node.held.get(bundle.id) is hold:
                return bundle, hold
        return None

    def answer(self, bundle: Bundle, tasks: int, answers: Answers, seed: int) -> list[bytes]:
        """Its outcomes for the first tasks of a bundle."""
        first = bundle.id
        self.answered += tasks
        if self.member.behaviour is HONEST:
            return [answers.outcome(task, TRUTH) for task in range(first, first + tasks)]
        together = self.clique.seen.get(first, 1)
        sight = Sight(first, self.node.key, self.clique.number, self.answered, together, seed)
        variant = self.member.behaviour.variant
        return [answers.outcome(task, variant(sight._replace(task=task))) for task in range(first, first + tasks)]

    def connected(self, now: float) -> None:
        self.life += 1
        self.idle = self.member.device.cores
        self.queue.clear()
        self.since = now

    def disconnected(self, now: float) -> None:
        self.life += 1
        self.online_s += now - self.since


class Fleet:
    """Everybody, under every name they ever had."""

    def __init__(self, members: Sequence[Member], random: Random) -> None:
        self.random = random
        self.members = members
        self.workers: dict[int, Worker] = {}
        self._cliques = {member.clique: Clique(member.clique) for member in members}

    def __iter__(self) -> Iterator[Worker]:
        return iter(self.workers.values())

    def add(self, member: Member, node: Node) -> Worker:
        worker = self.workers[node.key] = Worker(member, node, self._cliques[member.clique])
        return worker

    @property
    def capacity(self) -> float:
        """Seconds of work a second, of everybody who votes, while online."""
        return sum(m.device.speed * m.device.cores for m in self.members if not m.referee)
