"""Histories in a broken world: a few run clean here, planted bugs are caught, and a seed replays exactly."""

from collections.abc import Sequence
from random import Random

import pytest

from we1web.engine.reactor import Engine
from we1web.engine.state import Node
from we1web.protocol import outcome
from we1web.simulation import faults, suites
from we1web.simulation.checkers import Violation
from we1web.simulation.disk import Disk, Flush
from we1web.simulation.faults import Fault, History
from we1web.simulation.journal import Batch, Journal
from we1web.simulation.network import Network, Weather, Wire
from we1web.simulation.report import Request
from we1web.simulation.timeline import Timeline

SEEDS = 16
MANY = 200
"""Seeds until a planted bug is found; a few are enough."""
CRASHING = 3
"""A seed in which the coordinator crashes."""


def test_no_promise_is_broken_in_a_broken_world() -> None:
    found = suites.run("faults", Request(seed=1, seeds=SEEDS))
    assert not found.violations
    assert found.figures()["seeds"] == SEEDS
    assert sum(row["crashes"] for row in found.rows) > SEEDS / 2


def test_a_seed_replays_exactly() -> None:
    assert History(CRASHING).run() == History(CRASHING).run()
    assert [case.seed for case in faults.cases(Request(seed=5, seeds=3))] == [5, 6, 7]
    assert Fault(5).command.endswith("--suite faults --seeds 1 --seed 5")


def test_every_kind_of_ending_exists() -> None:
    kinds = {faults.truth(task)[0] for task in range(300)}
    assert kinds == {outcome.VALUE, outcome.ERROR, outcome.NONE}


class Planted(History):
    """A history with a bug in it."""

    bug: type[Engine]

    def engine(self) -> Engine:
        return self.bug(self.random.getrandbits(32))


class ForgetsReplayedVotes(Engine):
    """Reads the log after a restart and does not believe it."""

    def replay(self, node: Node, bundle_id: int, outcomes: Sequence[bytes], now: float, *, fast: bool = False) -> None:
        return


class ForgetsWhatEnded(Engine):
    """After a restart it runs again what was settled."""

    def restore_bundle(self, bundle: object, ended: dict[int, bytes]) -> None:
        return


@pytest.mark.parametrize(
    ("bug", "caught"),
    [(ForgetsReplayedVotes, "votes twice|lost"), (ForgetsWhatEnded, "paid twice|ended twice|open places")],
)
def test_a_recovery_that_forgets_is_caught(bug: type[Engine], caught: str) -> None:
    class Broken(Planted):
        pass

    Broken.bug = bug
    with pytest.raises(AssertionError, match=caught):
        for seed in range(1, MANY):
            Broken(seed).run()


class Hasty(Journal):
    """Acknowledges before the commit, and is killed in between."""

    def commit(self, batch: Batch) -> None:
        batch.flush.frames.clear()
        batch.counted.clear()
        super().commit(batch)


def test_an_acknowledgement_of_what_is_not_durable_is_caught() -> None:
    history = History(1)
    office = history.office
    assert office is not None
    office.journal.__class__ = Hasty
    with pytest.raises(Violation, match=r"acknowledged and is not durable|without a vote"):
        history.run()


class Ear:
    """Hears what comes out of a wire."""

    def __init__(self) -> None:
        self.heard: list[bytes | str] = []
        self.ends = 0

    def received(self, wire: Wire, frame: bytes | str) -> None:
        self.heard.append(frame)

    def disconnected(self, wire: Wire) -> None:
        self.ends += 1


def talk(weather: Weather, frames: int = 200, *, cut_off: bool = False) -> tuple[Ear, Ear]:
    timeline = Timeline()
    network = Network(timeline, Random(1), weather)
    node, server = Ear(), Ear()
    wire = network.connect(1, node, server)
    if cut_off:
        network.cut_off.add(1)
    for number in range(frames):
        wire.send_up(b"%d" % number)
    while timeline.step():
        pass
    return node, server


def test_a_wire_keeps_the_order() -> None:
    _, server = talk(Weather(spread=2.0))
    assert server.heard == [b"%d" % number for number in range(200)]


def test_a_lost_frame_takes_all_after_it_along_and_both_ends_notice() -> None:
    node, server = talk(Weather(loss=0.02))
    assert server.heard == [b"%d" % number for number in range(len(server.heard))]
    assert len(server.heard) < 200
    assert (node.ends, server.ends) == (1, 1)


def test_who_is_cut_off_hears_nothing() -> None:
    node, server = talk(Weather(), cut_off=True)
    assert not server.heard
    assert (node.ends, server.ends) == (1, 1)


def test_frames_may_come_twice() -> None:
    _, server = talk(Weather(duplicate=0.5))
    assert len(server.heard) > 250
    assert sorted(set(server.heard), key=int) == [b"%d" % number for number in range(200)]


def test_what_is_not_committed_is_gone() -> None:
    disk = Disk()
    disk.commit(Flush(1, frames=[(1, b"kept")]))
    disk.commit(Flush(2, low=2))
    assert disk.log == []
    assert disk.last_flush == 2
    assert not disk.unsettled()
