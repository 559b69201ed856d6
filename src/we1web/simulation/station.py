"""A node in a broken world: the production session in a shell on virtual time, with a clock of its own.

It does what the agent's shell does: carries out the session's effects, runs leases core by core, sends results, ticks
once a second, comes back after a break. It can be killed, which loses everything but its name.
"""

from collections import deque
from collections.abc import Callable
from random import Random

from we1web.protocol import outcome
from we1web.protocol.effects import Effect, End, Ended, Hangup, Leased, Ready, Send
from we1web.protocol.messages import Heartbeat, Lease, Register
from we1web.protocol.session import NodeSession
from we1web.simulation.adversaries import Behaviour, Sight
from we1web.simulation.checkers import Violation
from we1web.simulation.network import Network, Wire
from we1web.simulation.populations import Device
from we1web.simulation.workloads import RUNTIME

TICK_S = 1.0
BACKOFF_S = (0.2, 8.0)
PREFETCH = 3
LIGHT_SLEEP_S = 3.0

Dial = Callable[["Station"], Wire | None]
"""Opens a connection; None when nobody answers."""
Truth = Callable[[int], bytes]
Durable = Callable[[int, int], bool]
"""(node key, bundle id) → whether this report is on disk."""


class Station:
    """One device. `number` is its place in the world, its node key is what the coordinator named it."""

    def __init__(
        self,
        number: int,
        owner: int,
        device: Device,
        behaviour: Behaviour,
        network: Network,
        random: Random,
        dial: Dial,
        truth: Truth,
        durable: Durable,
        referee: bool = False,
    ) -> None:
        self.number = number
        self.owner = owner
        self.referee = referee
        self.failing = 0.0
        """Chance that a bundle cannot be run and is given back."""
        self._device = device
        self._behaviour = behaviour
        self._network = network
        self._timeline = network.timeline
        self._random = random
        self._dial, self._truth, self._durable = dial, truth, durable
        self._offset = random.uniform(0, 1e6)
        self._wire: Wire | None = None
        self._life = 0
        """Counts its processes: what an earlier one had begun is lost."""
        self._name = ""
        self._start()

    @property
    def now(self) -> float:
        """Its own clock."""
        return self._timeline.now + self._offset

    def sleep(self, seconds: float) -> None:
        """It slept: its clock goes on later, and whoever sleeps long is not connected any more."""
        self._offset += seconds
        if seconds > LIGHT_SLEEP_S and self._wire is not None:
            self._wire.break_now()

    def kill(self, back_after_s: float) -> None:
        """The process dies; another one starts later, with the same name."""
        self._life += 1
        if self._wire is not None:
            self._wire.break_now()
            self._wire = None
        self._timeline.after(back_after_s, self._start)

    def drain(self) -> None:
        """Leaves politely, and comes back a little later."""
        self._do(self._session.drain("its owner needs it"))

    def _start(self) -> None:
        device = self._device
        offer = Register(
            self._name, f"station {self.number}", device.cores, device.memory_bytes, [RUNTIME], 100.0,
            device.cores * PREFETCH, device.build, referee="*" if self.referee else "",
        )  # fmt: skip
        self._session = NodeSession(str(self.owner), offer)
        self._queue: deque[Lease] = deque()
        self._held: dict[int, Lease] = {}
        self._busy = 0
        self._answered = 0
        self._timeline.after(self._random.uniform(0, 1), self._tick, self._life)
        self._connect(self._life)

    # connection

    def _connect(self, life: int) -> None:
        if life != self._life or self._wire is not None:
            return
        self._wire = self._dial(self)
        if self._wire is None:
            self._try_again()
        else:
            self._do(self._session.connected(self.now))

    def _try_again(self) -> None:
        self._timeline.after(self._random.uniform(*BACKOFF_S), self._connect, self._life)

    def received(self, wire: Wire, frame: bytes | str) -> None:
        if wire is self._wire:
            self._do(self._session.received(frame, self.now))

    def disconnected(self, wire: Wire) -> None:
        if wire is self._wire:
            self._wire = None
            self._do(self._session.disconnected())
            self._try_again()

    def _hang_up(self, drained: bool) -> None:
        if self._wire is not None:
            self._wire.close_up()
            self._wire = None
        if drained:
            self._life += 1
            self._timeline.after(self._random.uniform(1, 30), self._start)
        else:
            self._do(self._session.disconnected())
            self._try_again()

    def _tick(self, life: int) -> None:
        if life == self._life:
            self._do(self._session.tick(self.now))
            self._timeline.after(TICK_S, self._tick, life)

    # effects

    def _do(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(frame) if self._wire is not None:
                    self._wire.send_up(frame)
                case Leased(lease=lease):
                    self._leased(lease)
                case Ended(bundle, end):
                    self._ended(bundle, end)
                case Ready(node=name):
                    self._name = name
                    self._do(self._session.set_status(Heartbeat(0, 0, 0.0), self.now))
                case Hangup(drained=drained):
                    self._hang_up(drained)
                case _:
                    pass

    def _leased(self, lease: Lease) -> None:
        if lease.bundle in self._held:
            raise Violation(f"station {self.number} was given bundle {lease.bundle} while it holds it")
        self._held[lease.bundle] = lease
        self._queue.append(lease)
        self._next()

    def _ended(self, bundle: int, end: End) -> None:
        if bundle not in self._held:
            raise Violation(f"bundle {bundle} ended at station {self.number}, which does not hold it")
        del self._held[bundle]
        if end is End.ACKNOWLEDGED and not self.referee and not self._durable(self.key, bundle):
            raise Violation(
                f"the report of station {self.number} on bundle {bundle} was acknowledged and is not durable"
            )

    @property
    def key(self) -> int:
        """Its node key at the coordinator; 0 before it was named."""
        return int(self._name.replace("-", ""), 16) if self._name else 0

    # work

    def _next(self) -> None:
        while self._busy < self._device.cores and self._queue:
            lease = self._queue.popleft()
            if self._held.get(lease.bundle) is lease:
                self._busy += 1
                run_s = len(lease.arguments) * self._random.uniform(0.2, 1.5) / self._device.speed
                self._timeline.after(run_s, self._finished, lease, run_s, self._life)

    def _finished(self, lease: Lease, run_s: float, life: int) -> None:
        if life != self._life:
            return
        self._busy -= 1
        if self._held.get(lease.bundle) is lease:
            if self._random.random() < self.failing:
                self._do(self._session.give_back([lease.bundle], "sandbox_failed"))
            else:
                self._do(self._session.finished(lease.bundle, self._answers(lease), int(run_s * 1e6)))
                self._do(self._session.flush())
        self._next()

    def _answers(self, lease: Lease) -> list[bytes]:
        return [self._answer(lease.bundle + place) for place in range(len(lease.arguments))]

    def _answer(self, task: int) -> bytes:
        self._answered += 1
        variant = self._behaviour.variant(Sight(task, self.number, 1, self._answered, 2, seed=1))
        return outcome.value(b"lie %d" % variant) if variant else self._truth(task)
