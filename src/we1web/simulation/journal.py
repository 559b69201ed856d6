"""The journal of the simulated coordinator: group commits with a delay, acknowledgements only after them.

The same steps as coordinator/market/journal.py on virtual time: everything is taken from the engine in one synchronous
step, written together, and told afterwards. Checkers hear of facts when they become durable, not before.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from we1web.coordinator.market.link import Link
from we1web.engine.effects import Settled, Surplus
from we1web.engine.reactor import Engine
from we1web.engine.standing import Standing
from we1web.engine.state import TASK_BITS, Bundle, Job, Node
from we1web.simulation.accounts import Accounts
from we1web.simulation.checkers import Watch
from we1web.simulation.disk import Counters, Disk, EndedRow, Flush, SurplusRow

SETTLE_S = 0.25


class Counted(NamedTuple):
    """A report that was accepted, kept for the checkers until it is durable."""

    node: Node
    bundle: Bundle
    outcomes: Sequence[bytes]


class Batch:
    """What one flush makes durable, with the objects behind it."""

    def __init__(self, engine: Engine, acks: dict[Link, int], counted: list[Counted], touched: set[Job]) -> None:
        self.acks = acks
        self.counted = counted
        self.settled: list[Settled] = list(engine.take_settled())  # an empty one is the engine's own, and grows
        self.surplus: list[Surplus] = engine.take_surplus()
        self.finished: list[Job] = engine.take_finished()
        self.changed: list[Standing] = engine.take_changed()
        self.jobs = touched.union(s.bundle.job for s in self.settled).union(self.finished)
        self.flush = Flush(engine.mark)
        engine.mark += 1

    @property
    def empty(self) -> bool:
        return not (self.counted or self.settled or self.surplus or self.finished or self.changed or self.jobs)


class Journal:
    """One writer. `durable` is called after each commit."""

    def __init__(
        self, disk: Disk, engine: Engine, watch: Watch, durable: Callable[[Batch], None], chunks: dict[int, int]
    ) -> None:
        self._disk = disk
        self._engine = engine
        self._watch = watch
        self._durable = durable
        self._left = chunks
        """Chunk id → tasks that have not ended."""
        self.accounts = Accounts(disk.ledger)
        self._frames: list[tuple[int, bytes, tuple[int, ...]]] = []
        self._counted: list[Counted] = []
        self._acks: dict[Link, int] = {}
        self._touched: set[Job] = set()
        self._settled_at = 0.0
        self.writing = False

    def record(
        self, link: Link, node: Node, frame: bytes, seq: int, counted: Sequence[Counted], fast: Sequence[int]
    ) -> None:
        """A frame whose votes were counted, and which of its bundles came in time for a bonus."""
        self._frames.append((node.key, frame, tuple(fast)))
        self._counted += counted
        self._touched.update(one.bundle.job for one in counted)
        self._acks[link] = seq

    def acknowledge(self, link: Link, seq: int) -> None:
        """A frame without a vote."""
        self._acks[link] = seq

    @property
    def due(self) -> bool:
        """Whether there is something to write or to say."""
        state = self._engine.state
        return bool(self._frames or self._acks or state.settled or state.surplus or state.finished or state.changed)

    def begin(self, now: float) -> Batch:
        """Takes everything gathered so far; until `commit` it is as if nothing of it had happened."""
        self.writing = True
        acks, self._acks = self._acks, {}
        counted, self._counted = self._counted, []
        touched, self._touched = self._touched, set()
        batch = Batch(self._engine, acks, counted, touched)
        batch.flush.frames, self._frames = self._frames, []
        self._fill(batch, now)
        return batch

    def _fill(self, batch: Batch, now: float) -> None:
        flush = batch.flush
        for settled in batch.settled:
            self.accounts.settled(settled)
            flush.ended.update(_rows(settled, flush.seq))
            self._count_down(settled, flush)
        for late in batch.surplus:
            self.accounts.surplus(late)
            flush.surplus += [
                SurplusRow(late.bundle.job.key, late.standing.node.key, flush.seq, late.fast) for _ in late.places
            ]
        flush.reputations = {s.node.key: (s.evidence, s.expelled) for s in batch.changed}
        flush.counters = [_counters(job) for job in batch.jobs]
        flush.jobs_done = [job.key for job in batch.finished]
        if batch.finished or now - self._settled_at >= SETTLE_S:
            flush.money = self.accounts.close(flush.seq, batch.finished)
            flush.settles = True
            self._settled_at = now
        flush.low = self._low(flush.seq)

    def _count_down(self, settled: Settled, flush: Flush) -> None:
        chunk = settled.bundle.id >> TASK_BITS
        self._left[chunk] -= len(settled.places)
        if not self._left[chunk]:
            flush.chunks_done.append(chunk)

    def _low(self, seq: int) -> int:
        bundles = self._engine.state.bundles.values()
        return min((b.mark for b in bundles if b.mark >= 0 and not b.settled), default=seq)

    def commit(self, batch: Batch) -> None:
        """It is durable now: checkers see it, nodes are told."""
        self.writing = False
        self._disk.commit(batch.flush)
        for one in batch.counted:
            self._watch.counted(one.node, one.bundle, one.outcomes)
        for standing in batch.changed:
            if standing.expelled:
                self._watch.expelled(standing.node)
        for settled in batch.settled:
            self._watch.settled(settled)
        for late in batch.surplus:
            self._watch.surplus(late)
        if batch.flush.money:
            self._watch.posted(self._disk.ledger)
        for job in batch.finished:
            self._watch.finished(job, self._disk.ledger)
        self._durable(batch)


def _rows(settled: Settled, flush: int) -> dict[int, EndedRow]:
    votes = tuple((s.node.key, True, s in settled.fast) for s in settled.paid)
    votes += tuple((s.node.key, False, False) for s in settled.rejected)
    first, job = settled.bundle.id, settled.bundle.job.key
    ended = zip(settled.places, settled.outcomes, strict=True)
    return {first + place: EndedRow(job, settled.state, encoded, votes, flush) for place, encoded in ended}


def _counters(job: Job) -> Counters:
    return Counters(job.key, job.verified, job.failed, job.executions, job.spent_micros, job.task_s)
