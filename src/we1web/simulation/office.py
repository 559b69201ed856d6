"""One life of a simulated coordinator: the production engine and server sessions, from recovery to the next crash.

The same steps as the coordinator's market (hub, journal, claims, recovery) on virtual time and over simulated wires.
After `crash` nothing of it may act any more; the next life starts from the disk alone.
"""

from collections.abc import Sequence
from random import Random
from uuid import UUID

from we1web.coordinator.market.grants import Grants
from we1web.coordinator.market.link import Link
from we1web.engine.placement import Leases
from we1web.engine.reactor import Engine
from we1web.engine.settings import Settings
from we1web.engine.state import TASK_BITS, Bundle, Hold, Job, Node
from we1web.protocol import outcome
from we1web.protocol.codec import decode_client, encode
from we1web.protocol.errors import ProtocolError
from we1web.protocol.messages import (
    Assigned,
    Cancel,
    ClientMessage,
    Complete,
    Drain,
    Failed,
    Heartbeat,
    Hello,
    JobInfo,
    Lease,
    Limits,
    Refusal,
    Register,
    Registered,
)
from we1web.protocol.session import CLOSE_REPLACED, ServerSession, close_code, refusal
from we1web.simulation.accounts import PROGRAM
from we1web.simulation.checkers import Watch
from we1web.simulation.disk import CANCELLED, OPEN, ChunkRow, Disk
from we1web.simulation.journal import Batch, Counted, Journal
from we1web.simulation.network import Network, Wire
from we1web.simulation.workloads import RUNTIME

PULSE_S = 0.01
TICK_S = 1.0
HEARTBEAT_S = 5.0
OPEN_BUNDLES = 40
"""Few, so that claims have something to do."""


class Office:
    """See the module docstring."""

    def __init__(
        self, network: Network, disk: Disk, watch: Watch, random: Random, key: bytes, journal_s: float, engine: Engine
    ) -> None:
        self.alive = True
        self.engine = engine
        self._network = network
        self._timeline = network.timeline
        self._disk = disk
        self._watch = watch
        self._random = random
        self._journal_s = journal_s
        self._grants = Grants(key)
        self._offset = random.uniform(0, 1e6)
        """Its clock is its own, and another one after each restart."""
        self._left: dict[int, int] = {}
        self._jobs: dict[int, Job] = {}
        """From the first claim until the end is durable."""
        self.journal = Journal(disk, self.engine, watch, self._durable, self._left)
        self.links: dict[int, Link] = {}
        self._by_wire: dict[Wire, Link] = {}
        self._owed: dict[Link, None] = {}
        self._pending = self._flushing = False
        self._recover()
        self._timeline.after(TICK_S, self._tick)
        self._pulse()

    @property
    def now(self) -> float:
        return self._timeline.now + self._offset

    def jump(self, seconds: float) -> None:
        """Its machine stood still, and the clock went on."""
        self._offset += seconds

    def crash(self) -> None:
        """Everything in memory is gone."""
        self.alive = False
        for wire in list(self._by_wire):
            wire.break_now()

    # recovery, as coordinator/market/recovery.py does it

    def _recover(self) -> None:
        disk, engine = self._disk, self.engine
        engine.mark = disk.last_flush + 1
        for chunk in disk.chunks.values():
            if disk.jobs[chunk.job_key].state == CANCELLED:
                chunk.done = True
        for chunk in [chunk for chunk in disk.chunks.values() if chunk.claimed and not chunk.done]:
            self._reload(chunk)
        self._replay()
        self._reopen_books()
        for key in disk.unrefunded():
            engine.cancel_job(self._job(key))
        for key in disk.complete():
            job = self._job(key)
            engine.update_job(job, job.total, job.closed)

    def _job(self, key: int) -> Job:
        job = self._jobs.get(key)
        if job is None:
            job = self._jobs[key] = self._disk.job(key)
            self.engine.add_job(job)
            self.journal.accounts.know(job)
        return job

    def _reload(self, chunk: ChunkRow) -> None:
        ended = {
            i: self._disk.tasks[chunk.first + i].outcome for i in range(chunk.n) if chunk.first + i in self._disk.tasks
        }
        if len(ended) == chunk.n:
            chunk.done = True
            return
        self._left[chunk.id] = chunk.n - len(ended)
        for start in range(0, chunk.n, chunk.size):
            places = range(start, min(chunk.n, start + chunk.size))
            known = {place - start: ended[place] for place in places if place in ended}
            if len(known) < len(places):
                self.engine.restore_bundle(self._cut(chunk, start), known)

    def _cut(self, chunk: ChunkRow, start: int) -> Bundle:
        size = min(chunk.size, chunk.n - start)
        arguments = [outcome.inline(b"%d" % (chunk.first + start + i)) for i in range(size)]
        return self.engine.add_bundle(self._job(chunk.job_key), chunk.first + start, arguments, self.now)

    def _replay(self) -> None:
        engine, last = self.engine, self.engine.mark
        for seq, frames in self._disk.log:
            engine.mark = seq
            for key, frame, fast in frames:
                message = decode_client(frame)
                assert isinstance(message, Complete)
                node = self._know(key)
                for report in message.reports:
                    engine.replay(node, report.bundle, report.outcomes, self.now, fast=report.bundle in fast)
        engine.mark = last
        engine.replayed(self.now)

    def _know(self, key: int) -> Node:
        known = key in self.engine.state.nodes
        node = self.engine.know(key, self._disk.nodes[key])
        record = self._disk.reputations.get(key)
        if record is not None and not known:
            self.engine.recall(node, RUNTIME, *record)
        return node

    def _reopen_books(self) -> None:
        for (job_key, node_key), votes in self._disk.unsettled().items():
            self.journal.accounts.know(self._jobs.get(job_key) or self._disk.job(job_key))
            again = (votes.total(), votes[True])
            self.journal.accounts.again(job_key, self._know(node_key).owner, node_key, *again)

    # in

    def accept(self, wire: Wire) -> None:
        """A connection was opened."""
        session = ServerSession(now=self.now, heartbeat_s=HEARTBEAT_S, software="simulated")
        self._by_wire[wire] = Link(session, wire.send_down, lambda code, reason: self._close(wire))

    def received(self, wire: Wire, frame: bytes | str) -> None:
        link = self._by_wire.get(wire)
        if not self.alive or link is None:
            return
        try:
            self._handle(link, link.session.receive(frame, self.now), frame)
        except ProtocolError as error:
            link.send(refusal(error))
            link.close(close_code(error), error.code)

    def disconnected(self, wire: Wire) -> None:
        link = self._by_wire.pop(wire, None)
        if self.alive and link is not None:
            self._left_us(link)

    def _close(self, wire: Wire) -> None:
        wire.close_down()
        self.disconnected(wire)

    def _left_us(self, link: Link) -> None:
        if link.node is not None and self.links.get(link.node.key) is link:
            del self.links[link.node.key]
            self.engine.leave(link.node, self.now)
            self._owed.pop(link, None)
            self._pulse()

    def _handle(self, link: Link, message: ClientMessage, frame: bytes | str) -> None:
        match message:
            case Hello(token=token):
                link.user_key = int(token)
                link.send(link.session.welcome())
            case Register():
                self._register(link, message)
            case Complete() if link.node is not None:
                assert isinstance(frame, bytes)
                self._completed(link, link.node, message, frame)
            case Heartbeat() if link.node is not None:
                self.engine.attend(link.node, message.accepting)
            case Failed() if link.node is not None:
                for bundle_id in message.bundles:
                    self.engine.give_back(link.node, bundle_id, self.now)
            case Drain() if link.node is not None:
                self.engine.attend(link.node, False)
            case _:
                pass
        self._pulse()

    def _register(self, link: Link, register: Register) -> None:
        key = UUID(register.node).int if register.node else len(self._disk.nodes) + 1
        if self._disk.nodes.setdefault(key, link.user_key) != link.user_key:
            raise ProtocolError("this account has no such node", code="node_unknown")
        node = self._know(key)
        old = self.links.get(key)
        if old is not None and old is not link:
            old.close(CLOSE_REPLACED, "the node registered on another connection")
        resumed = self._grants.genuine(key, register.resume)
        honoured = self.engine.join(node, register, True, resumed, self.now)
        link.node, self.links[key] = node, link
        link.session.registered()
        link.send(Registered(str(UUID(int=key)), register.name, "active", honoured))

    def _completed(self, link: Link, node: Node, message: Complete, frame: bytes) -> None:
        counted, refused = [], []
        for report in message.reports:
            bundle = self.engine.state.bundles.get(report.bundle)
            code = self.engine.report(node, report.bundle, report.outcomes, report.run_us, self.now)
            if code:
                refused.append(Refusal(report.bundle, code))
            elif bundle is not None:
                counted.append(Counted(node, bundle, report.outcomes))
        self.engine.reported(node, self.now)
        fast = self.engine.take_in_time()
        link.refused += refused
        bad = {one.bundle for one in refused}
        if node.referee:  # its judgement is no vote: nothing of it is replayed
            for one in counted:
                self._watch.counted(*one)
            self.journal.acknowledge(link, message.seq)
            return
        kept = [report for report in message.reports if report.bundle not in bad]
        if kept:
            frame = encode(Complete(message.seq, kept)) if bad else frame
            self.journal.record(link, node, frame, message.seq, counted, fast)
        else:
            self.journal.acknowledge(link, message.seq)

    # out

    def _pulse(self) -> None:
        if not self._pending:
            self._pending = True
            self._timeline.after(PULSE_S, self._beat)

    def _beat(self) -> None:
        self._pending = False
        if not self.alive:
            return
        self._claim()
        leases: Leases = self.engine.place(self.now)
        for withdrawn in self.engine.take_withdrawn():
            if (holder := self.links.get(withdrawn.node.key)) is not None:
                holder.send(Cancel([withdrawn.bundle_id], withdrawn.code))
        self.engine.take_disputes()
        owed, self._owed = self._owed, {}
        for node, given in leases.items():
            link = self.links[node.key]
            owed.pop(link, None)
            self._assign(link, node, given)
        for link in owed:
            link.send(Assigned(link.ack, refused=_take_refused(link)))
        self._write()

    def _assign(self, link: Link, node: Node, given: Sequence[tuple[Bundle, Hold]]) -> None:
        for bundle, hold in given:
            self._watch.leased(node, bundle, hold)
        leases = [
            Lease(b.id, b.job.key, list(b.arguments[: hold.tasks]), int((hold.deadline - self.now) * 1000))
            for b, hold in given
        ]
        unknown = {lease.job for lease in leases} - link.jobs_sent
        link.jobs_sent |= unknown
        jobs = [JobInfo(key, RUNTIME, PROGRAM, "run", Limits(1, 1, 1, 0)) for key in sorted(unknown)]
        grant = self._grants.give(node.key, [lease.bundle for lease in leases])
        link.send(Assigned(link.ack, leases, jobs, grant, _take_refused(link)))

    # claims

    def _claim(self) -> None:
        """Chunks become bundles while there is room."""
        for chunk in self._disk.chunks.values():
            if len(self.engine.state.bundles) >= OPEN_BUNDLES:
                return
            if not chunk.claimed and self._disk.jobs[chunk.job_key].state == OPEN:
                chunk.claimed, chunk.size = True, self._disk.jobs[chunk.job_key].spec.bundle
                self._left[chunk.id] = chunk.n
                for start in range(0, chunk.n, chunk.size):
                    self._cut(chunk, start)

    def submitted(self) -> None:
        """There are new chunks."""
        self._pulse()

    def cancel_job(self, key: int) -> None:
        """Its requester does not want it any more (the row says so already)."""
        self.engine.cancel_job(self._job(key))
        self._pulse()

    def cancel_task(self, task: int) -> None:
        self.engine.cancel_task(task, self.now)
        self._pulse()

    # the journal

    def _write(self) -> None:
        """Flushes when there is something and no flush is under way; the disk takes its time."""
        if self.journal.writing or not (self.journal.due or not self.journal.accounts.books.empty):
            return
        batch = self.journal.begin(self.now)
        self._timeline.after(self._journal_s * self._random.uniform(0.2, 3.0), self._commit, batch)

    def _commit(self, batch: Batch) -> None:
        if self.alive:
            self.journal.commit(batch)
            self._pulse()

    def _durable(self, batch: Batch) -> None:
        for link, seq in batch.acks.items():
            link.ack = seq
            self._owed[link] = None
        for job in batch.finished:
            self._jobs.pop(job.key, None)
            for chunk in [id for id in self._left if self._disk.chunks[id].job_key == job.key]:
                del self._left[chunk]

    def _tick(self) -> None:
        if not self.alive:
            return
        self.engine.tick(self.now)
        for link in list(self._by_wire.values()):
            try:
                link.session.check(self.now)
            except ProtocolError as error:
                link.close(1008, error.code)
        self._pulse()
        self._timeline.after(TICK_S, self._tick)


def open_engine(seed: int) -> Engine:
    """The market in memory, with short times so that much happens."""
    return Engine(seed, Settings(slack_s=8.0, reconnect_grace_s=6.0, amnesty_s=3.0))


def _take_refused(link: Link) -> list[Refusal]:
    refused, link.refused = link.refused, []
    return refused


__all__ = ["TASK_BITS", "Office", "open_engine"]
