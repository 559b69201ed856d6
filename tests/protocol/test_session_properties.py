"""Two real sessions over a pipe that keeps order but may be cut at any moment, driven by hypothesis.

The coordinator of this model is the least that a real one must be: durable votes, acknowledgement after durability,
leases proven by grants, and refusals for what it did not lease.
"""

from collections import Counter, deque

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from we1web.protocol.codec import decode_server, encode
from we1web.protocol.effects import Effect, End, Ended, Extended, Hangup, Leased, Problem, Send
from we1web.protocol.messages import (
    Assigned,
    Cancel,
    ClientMessage,
    Complete,
    Drain,
    Failed,
    Hello,
    JobInfo,
    Lease,
    Limits,
    Refusal,
    Register,
    Registered,
)
from we1web.protocol.session import NodeSession, NodeState, ServerSession

pytestmark = pytest.mark.rule("R15", "R22", "R24", "R27", "R28", "R30")

JOB = JobInfo(1, "echo-1", bytes(32), "", Limits(1_000, 1, 1, 0))
OFFER = Register("", "n", 1, 1, ["echo-1"], 1.0, 10)
DEADLINE_S = 30


class Coordinator:
    """Leases, durable votes and one connection."""

    def __init__(self) -> None:
        self.session: ServerSession | None = None
        self.leased: dict[int, float] = {}
        self.votes: dict[int, bytes] = {}
        self.unwritten: list[tuple[int, list[int]]] = []
        self.refused: list[Refusal] = []
        self.told_job = False

    def open(self, now: float) -> None:
        self.session = ServerSession(now=now, heartbeat_s=15.0, software="model")
        self.told_job = False
        self.unwritten.clear()
        self.refused.clear()

    def receive(self, frame: bytes, now: float) -> list[bytes]:
        assert self.session is not None
        return [encode(answer) for answer in self._answers(self.session.receive(frame, now), now)]

    def _answers(self, message: ClientMessage, now: float) -> list[object]:
        assert self.session is not None
        match message:
            case Hello():
                return [self.session.welcome()]
            case Register(resume=resume):
                self.session.registered()
                proven = [b for held in resume if held.grant == bytes(16) for b in held.held]
                honoured = [b for b in proven if b not in self.votes and self.leased.get(b, 0) >= 0]
                self.leased = dict.fromkeys(honoured, now + DEADLINE_S)
                return [Registered("node-1", "n", "active", honoured)]
            case Complete(seq=seq, reports=reports):
                for report in reports:
                    if self.leased.pop(report.bundle, None) is None:
                        self.refused.append(Refusal(report.bundle, "not_leased"))
                    else:
                        self.votes[report.bundle] = report.outcomes[0]
                self.unwritten.append((seq, [report.bundle for report in reports]))
            case Failed(bundles=bundles):
                for bundle in bundles:
                    self.leased.pop(bundle, None)
            case _:
                pass
        return []

    def assign(self, bundles: list[int], now: float) -> bytes:
        jobs, self.told_job = ([] if self.told_job else [JOB]), True
        self.leased |= dict.fromkeys(bundles, now + DEADLINE_S)
        leases = [Lease(b, 1, [b"\x04x"], DEADLINE_S * 1_000) for b in bundles]
        return encode(Assigned(0, leases, jobs, bytes(16)))

    def acknowledge(self) -> bytes:
        seq = self.unwritten[-1][0]
        refused, self.refused = self.refused, []
        self.unwritten.clear()
        return encode(Assigned(seq, refused=refused))


class Conversation(RuleBasedStateMachine):
    """The pipe: frames in both directions, delivered one at a time, all lost when it is cut."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.next_bundle = 0
        self.node = NodeSession("token", OFFER)
        self.coordinator = Coordinator()
        self.up: deque[bytes] = deque()
        self.down: deque[bytes] = deque()
        self.begun: Counter[int] = Counter()
        self.ends: dict[int, list[End]] = {}
        self.working: set[int] = set()
        self.drained = False
        self.drain_asked = False

    @initialize()
    def begin(self) -> None:
        self.connect()
        self.carry(4)

    def online(self) -> bool:
        return self.node.state is not NodeState.OFFLINE

    def apply(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(frame=frame):
                    self.up.append(frame)
                case Leased(lease=lease):
                    self.begun[lease.bundle] += 1
                    self.ends[lease.bundle] = []
                    self.working.add(lease.bundle)
                case Ended(bundle=bundle, end=end):
                    self.ends[bundle].append(end)
                    self.working.discard(bundle)
                case Hangup(drained=drained):
                    self.drained |= drained
                    assert drained, "no rule was broken, yet somebody hung up"
                case Problem():
                    raise AssertionError(effect)
                case Extended(bundle=bundle):
                    assert not self.ends[bundle]
                case _:
                    pass

    def connect(self) -> None:
        self.coordinator.open(self.now)
        self.apply(self.node.connected(self.now))

    def carry(self, rounds: int) -> None:
        """Delivers what is on its way, up then down, and what follows from it."""
        for _ in range(rounds):
            while self.up:
                self.down += self.coordinator.receive(self.up.popleft(), self.now)
            while self.down:
                self.apply(self.node.received(self.down.popleft(), self.now))

    @precondition(lambda self: not self.drained)
    @rule(rounds=st.integers(0, 4))
    def cut_and_connect_again(self, rounds: int) -> None:
        self.up.clear()
        self.down.clear()
        self.apply(self.node.disconnected())
        if not self.drained:
            self.connect()
            self.carry(rounds)

    @rule(n=st.integers(1, 3))
    def carry_up(self, n: int) -> None:
        for _ in range(min(n, len(self.up))):
            self.down += self.coordinator.receive(self.up.popleft(), self.now)

    @rule(n=st.integers(1, 3))
    def carry_down(self, n: int) -> None:
        for _ in range(min(n, len(self.down))):
            self.apply(self.node.received(self.down.popleft(), self.now))

    @rule(committed=st.booleans())
    def carry_all(self, committed: bool) -> None:
        self.carry(2)
        if committed and self.coordinator.unwritten and self.registered():
            self.down.append(self.coordinator.acknowledge())
            self.carry(1)

    def registered(self) -> bool:
        session = self.coordinator.session
        return self.online() and session is not None and session.state.value in ("working", "draining")

    @precondition(registered)
    @rule(n=st.integers(1, 4))
    def lease(self, n: int) -> None:
        bundles = list(range(self.next_bundle, self.next_bundle + n))
        self.next_bundle += n
        self.down.append(self.coordinator.assign(bundles, self.now))

    @precondition(lambda self: self.registered() and self.coordinator.leased)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        bundle = data.draw(st.sampled_from(sorted(self.coordinator.leased)))
        del self.coordinator.leased[bundle]
        self.down.append(encode(Cancel([bundle], "job_cancelled")))

    @precondition(lambda self: self.registered() and self.coordinator.unwritten)
    @rule()
    def acknowledge(self) -> None:
        self.down.append(self.coordinator.acknowledge())

    @precondition(lambda self: self.working)
    @rule(data=st.data(), sent=st.booleans())
    def finish(self, data: st.DataObject, sent: bool) -> None:
        bundle = data.draw(st.sampled_from(sorted(self.working)))
        self.working.discard(bundle)
        self.apply(self.node.finished(bundle, [b"\0" * 9 + str(bundle).encode()], 5))
        if sent:
            self.apply(self.node.flush())

    @precondition(lambda self: self.working)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        bundle = data.draw(st.sampled_from(sorted(self.working)))
        self.apply(self.node.give_back([bundle], "runtime_broken"))

    @precondition(lambda self: self.node.waiting_results)
    @rule()
    def flush(self) -> None:
        self.apply(self.node.flush())

    @rule(seconds=st.sampled_from([0.5, 8.0]))
    def pass_time(self, seconds: float) -> None:
        if self.node.state in (NodeState.GREETING, NodeState.REGISTERING):
            return
        self.now += seconds
        self.coordinator.leased = {b: d for b, d in self.coordinator.leased.items() if d > self.now}
        self.apply(self.node.tick(self.now))

    @precondition(lambda self: not self.drain_asked and self.next_bundle > 8)
    @rule()
    def drain(self) -> None:
        self.drain_asked = True
        self.apply(self.node.drain("test"))

    @invariant()
    def every_lease_ends_at_most_once_and_is_held_until_then(self) -> None:
        assert all(len(ends) <= 1 for ends in self.ends.values())
        assert self.node.held == sum(not ends for ends in self.ends.values())

    @invariant()
    def no_lease_is_handed_over_twice(self) -> None:
        assert all(times == 1 for times in self.begun.values())

    @invariant()
    def what_was_acknowledged_is_durable(self) -> None:
        acknowledged = {bundle for bundle, ends in self.ends.items() if ends == [End.ACKNOWLEDGED]}
        assert acknowledged <= self.coordinator.votes.keys()

    @invariant()
    def a_drained_node_holds_nothing(self) -> None:
        assert not self.drained or self.node.held == 0

    def teardown(self) -> None:
        """Once the network behaves and time passes, nothing stays open."""
        for _ in range(3):
            self.settle()
            self.now += DEADLINE_S + 1
            self.apply(self.node.tick(self.now))
        assert self.node.held == 0
        assert all(len(ends) == 1 for ends in self.ends.values())
        self.what_was_acknowledged_is_durable()

    def settle(self) -> None:
        if self.node.state in (NodeState.GREETING, NodeState.REGISTERING):
            self.apply(self.node.disconnected())
            self.up.clear()
            self.down.clear()
        if not self.online() and not self.drained:
            self.connect()
        for bundle in sorted(self.working):
            self.working.discard(bundle)
            self.apply(self.node.finished(bundle, [b"\0" * 9], 5))
        while self.up or self.down:
            self.carry(1)
            self.apply(self.node.flush())
            if not self.up and self.coordinator.unwritten and self.registered():
                self.down.append(self.coordinator.acknowledge())


TestConversation = Conversation.TestCase
TestConversation.settings = settings(max_examples=200, stateful_step_count=60, deadline=None)


def test_the_model_speaks_the_real_codec() -> None:
    assert decode_server(Coordinator().assign([1], 0.0)) == Assigned(
        0, [Lease(1, 1, [b"\x04x"], DEADLINE_S * 1_000)], [JOB], bytes(16)
    )
    assert Drain("x").reason == "x"
