"""What a node holds for a coordinator: leases with the grants that prove them, and results not yet acknowledged.

Plain bookkeeping for node_session.py. It must never decide what to send when; it only answers what there is.
"""

from collections.abc import Iterable, Iterator, Sequence

from we1web.protocol import limits
from we1web.protocol.errors import ProtocolError
from we1web.protocol.messages import Complete, Held, Lease, Report

REPORT_BYTES = limits.MAX_FRAME_BYTES - (64 << 10)
"""The most one bundle's outcomes may take on the wire; the node turns larger ones into blobs before it reports."""
_REPORT_OVERHEAD_BYTES = 32
_OUTCOME_OVERHEAD_BYTES = 5


class _Grant:
    """The proof that came with one frame of leases, kept while one of them is held."""

    __slots__ = ("granted", "held", "mac")

    def __init__(self, mac: bytes, granted: list[int]) -> None:
        self.mac = mac
        self.granted = granted
        self.held: dict[int, None] = {}


class _Hold:
    __slots__ = ("deadline", "grant", "lease")

    def __init__(self, lease: Lease, grant: _Grant, deadline: float) -> None:
        self.lease = lease
        self.grant = grant
        self.deadline = deadline


class Holdings:
    """Leases that have not ended, by bundle, in the order they came."""

    def __init__(self) -> None:
        self._holds: dict[int, _Hold] = {}

    def __len__(self) -> int:
        return len(self._holds)

    def __contains__(self, bundle: int) -> bool:
        return bundle in self._holds

    def __iter__(self) -> Iterator[int]:
        return iter(self._holds)

    def lease(self, bundle: int) -> Lease | None:
        hold = self._holds.get(bundle)
        return hold.lease if hold else None

    def add(self, mac: bytes, leases: Sequence[Lease], now: float) -> list[Lease]:
        """Remembers the leases of one frame; returns those that are new here."""
        grant = _Grant(mac, [lease.bundle for lease in leases])
        fresh = []
        for lease in leases:
            if lease.bundle not in self._holds:
                self._holds[lease.bundle] = _Hold(lease, grant, now + lease.deadline_ms / 1_000)
                grant.held[lease.bundle] = None
                fresh.append(lease)
        return fresh

    def remove(self, bundle: int) -> bool:
        hold = self._holds.pop(bundle, None)
        if hold is None:
            return False
        del hold.grant.held[bundle]
        return True

    def extend(self, bundle: int, now: float) -> float:
        """An honoured lease has its whole time again."""
        hold = self._holds[bundle]
        hold.deadline = now + hold.lease.deadline_ms / 1_000
        return hold.deadline

    def expired(self, now: float) -> list[int]:
        return [bundle for bundle, hold in self._holds.items() if hold.deadline <= now]

    def resume(self) -> list[Held]:
        """The proofs for everything held. A lease without a proof, or beyond the limit, is not resumed."""
        grants = {id(hold.grant): hold.grant for hold in self._holds.values() if hold.grant.mac}
        room = limits.MAX_RESUMED_IDS
        resumed = []
        for grant in grants.values():
            room -= len(grant.granted) + len(grant.held)
            if room < 0:
                break
            resumed.append(Held(grant.mac, grant.granted, list(grant.held)))
        return resumed


class Outbox:
    """Reports on their way: queued, then sent under a number until that number is acknowledged."""

    def __init__(self) -> None:
        self.queue: dict[int, Report] = {}
        self.last_seq = 0
        self._sent: dict[int, dict[int, Report]] = {}
        self._seq_of: dict[int, int] = {}

    def holds(self, bundle: int) -> bool:
        return bundle in self.queue or bundle in self._seq_of

    def add(self, report: Report) -> None:
        self.queue[report.bundle] = report

    def take(self) -> list[Complete]:
        """Moves the queue into numbered frames."""
        frames = []
        for reports in _packed(self.queue.values()):
            self.last_seq += 1
            self._sent[self.last_seq] = {report.bundle: report for report in reports}
            self._seq_of.update((report.bundle, self.last_seq) for report in reports)
            frames.append(Complete(self.last_seq, reports))
        self.queue.clear()
        return frames

    def acknowledge(self, ack: int) -> list[int]:
        """Forgets every frame up to `ack`; returns the bundles that were in them."""
        bundles: list[int] = []
        while self._sent and (seq := next(iter(self._sent))) <= ack:
            bundles += self._sent.pop(seq)
        for bundle in bundles:
            del self._seq_of[bundle]
        return bundles

    def forget(self, bundles: Iterable[int]) -> None:
        """These reports are not wanted any more, sent or not."""
        for bundle in bundles:
            self.queue.pop(bundle, None)
            seq = self._seq_of.pop(bundle, None)
            if seq is not None:
                del self._sent[seq][bundle]
                if not self._sent[seq]:
                    del self._sent[seq]

    def resend(self) -> list[Complete]:
        """What was sent and not acknowledged, under its old numbers."""
        return [Complete(seq, list(reports.values())) for seq, reports in self._sent.items()]


def wire_bytes(outcomes: Iterable[bytes]) -> int:
    """An upper bound of what a report of these outcomes takes inside a frame."""
    return _REPORT_OVERHEAD_BYTES + sum(len(outcome) + _OUTCOME_OVERHEAD_BYTES for outcome in outcomes)


def check_report(report: Report, lease: Lease) -> None:
    """Raises ProtocolError for a report that the coordinator would refuse together with its whole frame."""
    if len(report.outcomes) != len(lease.arguments):
        raise ProtocolError(f"{len(report.outcomes)} outcomes for {len(lease.arguments)} tasks", code="bad_report")
    if any(len(outcome) > limits.INLINE_BYTES + 64 for outcome in report.outcomes):
        raise ProtocolError("an outcome above the inline limit", code="bad_report", hint="upload it as a blob first")
    if wire_bytes(report.outcomes) > REPORT_BYTES:
        raise ProtocolError("the outcomes do not fit one frame", code="bad_report", hint="upload the largest as blobs")


def _packed(reports: Iterable[Report]) -> Iterator[list[Report]]:
    batch: list[Report] = []
    room = REPORT_BYTES
    for report in reports:
        size = wire_bytes(report.outcomes)
        if batch and (size > room or len(batch) == limits.MAX_REPORTS_PER_FRAME):
            yield batch
            batch, room = [], REPORT_BYTES
        batch.append(report)
        room -= size
    if batch:
        yield batch
