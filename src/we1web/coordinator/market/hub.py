"""Connections on one side, the engine on the other: reports in, leases and acknowledgements out, in batched frames.

Everything here is synchronous: a frame is decoded, counted and handed to the journal without waiting for anything.
What became due since the last beat leaves in one frame per node. It must never acknowledge what is not durable.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from we1web.coordinator.market.books import Books, Judged
from we1web.coordinator.market.checks import Checks
from we1web.coordinator.market.grants import Grants
from we1web.coordinator.market.link import Link
from we1web.coordinator.market.records import CHECK_KEY
from we1web.coordinator.market.registry import Registry
from we1web.engine.placement import Leases
from we1web.engine.reactor import Engine
from we1web.engine.state import Bundle, Hold, Node
from we1web.protocol import outcome
from we1web.protocol.codec import encode
from we1web.protocol.limits import MAX_FRAME_BYTES
from we1web.protocol.messages import (
    Assigned,
    Cancel,
    Complete,
    Completed,
    ErrorMessage,
    Failed,
    Heartbeat,
    JobInfo,
    Lease,
    Refusal,
    Report,
)

if TYPE_CHECKING:
    from we1web.coordinator.blobs import BlobStore
    from we1web.coordinator.market.journal import Batch, Journal

BACKLOG = 6_000
"""Ended tasks that wait for the disk: above this no leases go out."""
PULSE_S = 0.001
"""Under load leases go out at most this often."""
FRAME_BYTES = MAX_FRAME_BYTES * 3 // 4
"""Arguments in one frame; room is left for everything around them."""
_VOTES = frozenset((outcome.VALUE, outcome.ERROR))


class Hub:
    """The links of all nodes, and the beat."""

    def __init__(self, engine: Engine, registry: Registry, grants: Grants, blobs: "BlobStore") -> None:
        self.engine = engine
        self.registry = registry
        self.grants = grants
        self._blobs = blobs
        self.journal: Journal
        self.measured: Callable[[], None]
        """Called when the first run time of a job is known."""
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Holds what a beat raised: nobody waits for a beat, and what it was handing out is lost with it."""
        self._checks = Checks()
        self.links: dict[int, Link] = {}
        self._owed: dict[Link, None] = {}
        self._pending = False
        self._last = 0.0
        self.frames_in = self.frames_out = self.votes = self.refused = 0

    # in

    def completed(self, link: Link, message: Complete, frame: bytes | str, now: float) -> None:
        """Results: each report is counted or refused; what was no vote must not become one in a replay.

        A referee judges and does not vote, so nothing it says is recorded: after a restart it is asked again.
        """
        assert link.node is not None
        self.frames_in += 1
        judged = [(report, self._report(link.node, report, now)) for report in message.reports]
        refused = [refusal for _, refusal in judged if refusal is not None]
        self.engine.reported(link.node, now)
        fast = self.engine.take_in_time()
        if refused:
            self.refused += len(refused)
            link.refused += refused
            message = Complete(message.seq, [report for report, refusal in judged if refusal is None])
            frame = encode(message)
        elif isinstance(frame, str):
            frame = encode(message)
        if message.reports and not link.node.referee:
            self.journal.record(link, frame, message.seq, fast)
        else:
            self.journal.acknowledge(link, message.seq)
        self.pulse()

    def _report(self, node: Node, report: Report, now: float) -> Refusal | None:
        code = self._check(report.outcomes)
        if code:
            return Refusal(report.bundle, code)
        bundle = self.engine.state.bundles.get(report.bundle)
        unmeasured = bundle is not None and not bundle.job.task_s
        outcomes = self._checks.read(report.bundle, report.outcomes) if node.referee else report.outcomes
        code = self.engine.report(node, report.bundle, outcomes, report.run_us, now)
        if code or bundle is None:
            return Refusal(report.bundle, code)
        self.journal.touch(bundle.job)
        self.votes += 0 if node.referee else len(report.outcomes)
        if unmeasured:
            self.measured()
        return None

    def _check(self, outcomes: Sequence[bytes]) -> str:
        """'' for well-formed outcomes. The common case, inline values and errors, is looked at as a whole."""
        if min(map(len, outcomes)) >= outcome.HEADER_BYTES and {encoded[0] for encoded in outcomes} <= _VOTES:
            return ""
        for encoded in outcomes:
            if not outcome.well_formed(encoded):
                return "bad_outcome"
            named = outcome.blob_of(encoded)
            if named is not None and not self._blobs.has(named[0]):
                return "blob_missing"
        return ""

    def gave_back(self, node: Node, message: Failed, now: float) -> None:
        for bundle_id in message.bundles:
            self.engine.give_back(node, bundle_id, now)
        self.pulse()

    def heard(self, node: Node, message: Heartbeat) -> None:
        node.rtt_s = message.rtt_ms / 1000
        self.engine.attend(node, message.accepting)
        self.pulse()

    def left(self, link: Link, now: float) -> None:
        """The connection closed."""
        node = link.node
        if node is not None and self.links.get(node.key) is link:
            del self.links[node.key]
            self.engine.leave(node, now)
            self._owed.pop(link, None)
            self.pulse()

    # out

    def pulse(self) -> None:
        """Asks for a beat, soon: at once when idle, at most every PULSE_S under load."""
        if not self._pending:
            self._pending = True
            loop = asyncio.get_running_loop()
            wait_s = self._last + PULSE_S - loop.time()
            if wait_s > 0:
                loop.call_later(wait_s, self._beat)
            else:
                loop.call_soon(self._beat)

    def _beat(self) -> None:
        self._pending = False
        try:
            self._send_due()
        except Exception as error:
            if not self.failed.done():
                self.failed.set_exception(error)

    def _send_due(self) -> None:
        """Everything that became due since the last beat leaves in one frame per node."""
        now = self._last = asyncio.get_running_loop().time()
        leases: Leases = self.engine.place(now) if self.journal.backlog() < BACKLOG else {}
        for withdrawn in self.engine.take_withdrawn():
            if (holder := self.links.get(withdrawn.node.key)) is not None:
                holder.send(Cancel([withdrawn.bundle_id], withdrawn.code))
        owed, self._owed = self._owed, {}
        for node, given in leases.items():
            worker = self.links[node.key]
            owed.pop(worker, None)
            self._assign(worker, node, given, now)
        for link in owed:
            link.send(Assigned(link.ack, refused=_take_refused(link)))
            self.frames_out += 1
        if self.engine.state.settled or self.engine.state.finished:
            self.journal.wake()

    def _assign(self, link: Link, node: Node, given: list[tuple[Bundle, Hold]], now: float) -> None:
        """One frame, or several where the arguments are many."""
        start, size = 0, 0
        for position, (bundle, _) in enumerate(given):
            if size and size + bundle.size > FRAME_BYTES:
                self._send_leases(link, node, given[start:position], now)
                start, size = position, 0
            size += bundle.size
        self._send_leases(link, node, given[start:], now)

    def _send_leases(self, link: Link, node: Node, given: list[tuple[Bundle, Hold]], now: float) -> None:
        leases = [self._lease(bundle, hold, now) for bundle, hold in given]
        grant = self.grants.give(node.key, [lease.bundle for lease in leases])
        link.send(Assigned(link.ack, leases, self._news(link, leases), grant, _take_refused(link)))
        self.frames_out += 1

    def _lease(self, bundle: Bundle, hold: Hold, now: float) -> Lease:
        deadline_ms = int((hold.deadline - now) * 1000)
        job = bundle.job.key
        if hold.standing.node.referee:
            questions = self._checks.questions(self.registry.records[job], bundle, hold)
            if questions is not None:
                return Lease(bundle.id, job | CHECK_KEY, questions, deadline_ms)
        return Lease(bundle.id, job, list(bundle.arguments[: hold.tasks]), deadline_ms)

    def _info(self, key: int) -> JobInfo:
        record = self.registry.records[key & ~CHECK_KEY]
        return record.check if key & CHECK_KEY and record.check is not None else record.info

    def _news(self, link: Link, leases: list[Lease]) -> list[JobInfo]:
        """What the node has not been told yet of the jobs it is about to run."""
        unknown = {lease.job for lease in leases} - link.jobs_sent
        link.jobs_sent |= unknown
        return [self._info(key) for key in unknown]

    # after the commit

    def durable(self, acks: dict[Link, int], batch: "Batch") -> None:
        """What nodes sent is safe now: owed to be said with the next beat."""
        for link, seq in acks.items():
            link.ack = seq
            self._owed[link] = None
        for standing in batch.changed:
            if standing.expelled and (expelled := self.links.get(standing.node.key)) is not None:
                expelled.send(EXPELLED)
        self.pulse()

    def told(self, books: Books) -> None:
        """Nodes learn what their judged votes earned, once that is in the ledger."""
        for judged in books.take_judged():
            link = self.links.get(judged.node)
            if link is not None:
                link.send(_told(judged))


EXPELLED = ErrorMessage(
    "expelled",
    "too many answers of this node were wrong: it gets no more work in this runtime",
    "check the machine's memory and cooling, then ask the operator to look at the evidence",
)


def _take_refused(link: Link) -> list[Refusal]:
    refused, link.refused = link.refused, []
    return refused


def _told(judged: Judged) -> Completed:
    return Completed(
        str(judged.record.id),
        paid=judged.paid,
        rejected=judged.rejected,
        earned_micros=judged.share.member,
        pooled_micros=judged.share.pooled,
    )
