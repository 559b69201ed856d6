"""Connections that break: ordered pipes with delay, loss, duplicates and partitions, as TCP under a WebSocket does.

Inside one connection frames keep their order and none is missing between two others: what is lost takes everything
after it along, until both ends notice. Between connections nothing is in order. A frame may arrive twice: a proxy or a
careless client sent it again.
"""

from collections.abc import Callable
from random import Random
from typing import NamedTuple, Protocol

from we1web.simulation.timeline import Timeline


class Weather(NamedTuple):
    """How bad the network is: chances per frame, times in seconds."""

    delay_s: float = 0.02
    spread: float = 1.0
    """Of the delay, log-normally."""
    loss: float = 0.0
    """Chance that the connection dies with this frame, in its direction."""
    duplicate: float = 0.0
    notice_s: float = 20.0
    """An end notices a dead connection within this."""


CALM = Weather()


class End(Protocol):
    """Who talks over a wire."""

    def received(self, wire: "Wire", frame: bytes | str) -> None: ...

    def disconnected(self, wire: "Wire") -> None: ...


class Pipe:
    """One direction of a connection."""

    def __init__(self) -> None:
        self.free_at = 0.0
        """When the last frame on its way arrives: none overtakes it."""
        self.dead = False
        self.closed = False
        """Its reader has heard of the end."""


class Network:
    """All connections, the weather, and who is cut off."""

    def __init__(self, timeline: Timeline, random: Random, weather: Weather) -> None:
        self.timeline = timeline
        self.random = random
        self.weather = weather
        self.cut_off: set[int] = set()
        """Numbers of the nodes that nothing reaches."""

    def connect(self, number: int, node: End, server: End) -> "Wire":
        return Wire(self, number, node, server)

    def delay_s(self) -> float:
        return self.weather.delay_s * self.random.lognormvariate(0, self.weather.spread)

    def happens(self, chance: float) -> bool:
        return chance > 0 and self.random.random() < chance


class Wire:
    """One connection between a node and the coordinator."""

    def __init__(self, network: Network, number: int, node: End, server: End) -> None:
        self._network = network
        self._number = number
        self._node, self._server = node, server
        self._up, self._down = Pipe(), Pipe()

    def send_up(self, frame: bytes | str) -> None:
        """From the node to the coordinator."""
        self._send(self._up, self._server, frame)

    def send_down(self, frame: bytes | str) -> None:
        """From the coordinator to the node."""
        self._send(self._down, self._node, frame)

    def close_up(self) -> None:
        """The node closes: the coordinator hears of it after what was sent before."""
        self._down.closed = True
        self._later(self._up, self._end, self._up, self._server)

    def close_down(self) -> None:
        """The coordinator closes: the node hears of it after what was sent before."""
        self._up.closed = True
        self._later(self._down, self._end, self._down, self._node)

    def break_now(self) -> None:
        """Somebody died: both ends find out, each in its own time; what is on its way is lost."""
        for pipe, reader in ((self._up, self._server), (self._down, self._node)):
            pipe.dead = True
            self._network.timeline.after(self._network.delay_s(), self._end, pipe, reader)

    def _send(self, pipe: Pipe, reader: End, frame: bytes | str) -> None:
        network = self._network
        if pipe.dead:
            return
        if self._number in network.cut_off or network.happens(network.weather.loss):
            self._die(pipe)
            return
        for _ in range(1 + network.happens(network.weather.duplicate)):
            self._later(pipe, self._arrive, pipe, reader, frame)

    def _die(self, pipe: Pipe) -> None:
        """Nothing more comes through; both ends notice some time."""
        pipe.dead = True
        for way, reader in ((self._up, self._server), (self._down, self._node)):
            noticed = self._network.random.uniform(0.1, self._network.weather.notice_s)
            self._network.timeline.after(noticed, self._end, way, reader)

    def _later(self, pipe: Pipe, action: Callable[..., None], *arguments: object) -> None:
        timeline = self._network.timeline
        pipe.free_at = max(pipe.free_at, timeline.now + self._network.delay_s())
        timeline.after(pipe.free_at - timeline.now, action, *arguments)

    def _arrive(self, pipe: Pipe, reader: End, frame: bytes | str) -> None:
        if not pipe.closed and not pipe.dead:
            reader.received(self, frame)

    def _end(self, pipe: Pipe, reader: End) -> None:
        """The reader of this pipe hears that the connection is over, once."""
        if not pipe.closed:
            pipe.closed = True
            reader.disconnected(self)
