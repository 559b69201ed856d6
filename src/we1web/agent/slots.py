"""Which bundle runs next, and how many leases a node asks for. Pure: no clock, no tasks, no I/O.

A bundle waits from its lease on, becomes ready when its program and arguments are here, and takes one core while it
runs. It must never start more bundles than there are cores, nor the same one twice.
"""

from enum import Enum

PREFETCH_PER_CORE = 2
"""Bundles are about a second long: two in hand for each core hide the way to the coordinator and downloads."""


def window(cores: int) -> int:
    """How many leases to hold at once, running and waiting."""
    return cores * (1 + PREFETCH_PER_CORE) + 1


class Place(Enum):
    WAITING = "waiting"
    READY = "ready"
    RUNNING = "running"


class Slots:
    """The bundles of one node and the cores they may use."""

    def __init__(self, cores: int) -> None:
        assert cores >= 1
        self.cores = cores
        self.open = True
        """False while paused or draining: nothing starts, what runs goes on."""
        self._places: dict[int, Place] = {}
        self._deadlines: dict[int, float] = {}
        self._running = 0

    @property
    def running(self) -> int:
        return self._running

    @property
    def queued(self) -> int:
        return len(self._places) - self._running

    def add(self, bundle: int, deadline: float) -> None:
        self._places.setdefault(bundle, Place.WAITING)
        self._deadlines[bundle] = deadline

    def extend(self, bundle: int, deadline: float) -> None:
        if bundle in self._deadlines:
            self._deadlines[bundle] = deadline

    def make_ready(self, bundle: int) -> None:
        if self._places.get(bundle) is Place.WAITING:
            self._places[bundle] = Place.READY

    def start(self) -> int | None:
        """The ready bundle with the earliest deadline, now running; None when nothing can start."""
        if not self.open or self._running >= self.cores:
            return None
        ready = [bundle for bundle, place in self._places.items() if place is Place.READY]
        if not ready:
            return None
        bundle = min(ready, key=self._deadlines.__getitem__)
        self._places[bundle] = Place.RUNNING
        self._running += 1
        return bundle

    def remove(self, bundle: int) -> None:
        """The bundle is done, or not wanted any more."""
        place = self._places.pop(bundle, None)
        if place is not None:
            del self._deadlines[bundle]
            self._running -= place is Place.RUNNING

    def idle_bundles(self) -> list[int]:
        """What has not started: given back when the node pauses."""
        return [bundle for bundle, place in self._places.items() if place is not Place.RUNNING]
