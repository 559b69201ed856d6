"""The shell of the session over real sockets: frames, batching, reconnection, refusals."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest
from msgspec.structs import replace
from tests.agent.conftest import lease

from we1web.agent.address import parse
from we1web.agent.backoff import Backoff
from we1web.agent.clock import now_s
from we1web.agent.link import Link, Refused, Timing
from we1web.protocol.effects import Effect, Leased, Problem, Ready
from we1web.protocol.messages import Cancel, Complete, ErrorMessage, Heartbeat, JobInfo, Register
from we1web.protocol.server_session import CLOSE_REPLACED, CLOSE_RETIRED
from we1web.protocol.session import NodeSession
from we1web.testing.lessor import Lessor
from we1web.testing.patience import eventually

OFFER = Register("", "n", 1, 1, ["echo-1"], 1.0, 8)


class Linked:
    """A link that runs, and what it handed over."""

    def __init__(self, url: str, timing: Timing) -> None:
        self.connections = 0
        self.session = NodeSession("token", OFFER)
        self.effects: asyncio.Queue[Effect] = asyncio.Queue()
        backoff = Backoff(Random(0), base_s=0.001)
        self.link = Link(
            url, self.session, self.effects.put_nowait, backoff=backoff, now=now_s, timing=timing, renew=self.renew
        )
        self.task = asyncio.ensure_future(self.link.run())

    def renew(self, offer: Register) -> Register:
        self.connections += 1
        return replace(offer, cached=[bytes([self.connections]) * 32])

    async def expect(self, kind: type[Effect]) -> Effect:
        while not isinstance(effect := await self.effects.get(), kind):
            pass
        return effect

    def finish(self, *bundles: int) -> None:
        for bundle in bundles:
            self.link.perform(self.session.finished(bundle, [bytes(9)], 5))
            self.link.results_wait(more_soon=True)


@pytest.fixture
async def linked(coordinator: Lessor) -> AsyncIterator[Linked]:
    one = Linked(parse(coordinator.url).websocket, Timing(tick_s=0.01))
    yield one
    one.task.cancel()
    await asyncio.gather(one.task, return_exceptions=True)


async def test_results_that_finish_together_share_a_frame(coordinator: Lessor, linked: Linked, job: JobInfo) -> None:
    peer = await coordinator.registration()
    await peer.assign([lease(bundle) for bundle in range(5)], [job])
    for _ in range(5):
        await linked.expect(Leased)
    linked.finish(*range(5))
    complete = await peer.expect(Complete)
    assert [report.bundle for report in complete.reports] == list(range(5))


async def test_a_result_that_nothing_follows_leaves_at_once(coordinator: Lessor, linked: Linked, job: JobInfo) -> None:
    peer = await coordinator.registration()
    await peer.assign([lease(1)], [job])
    await linked.expect(Leased)
    linked.link.perform(linked.session.finished(1, [bytes(9)], 5))
    linked.link.results_wait(more_soon=False)
    assert linked.session.waiting_results == 0
    await peer.expect(Complete)


async def test_results_wait_for_a_connection(coordinator: Lessor, linked: Linked, job: JobInfo) -> None:
    peer = await coordinator.registration()
    await peer.assign([lease(1)], [job])
    await linked.expect(Leased)
    peer.cut()
    linked.finish(1)
    complete = await (await coordinator.registration()).expect(Complete)
    assert [report.bundle for report in complete.reports] == [1]


async def test_the_node_comes_back_however_often_it_is_cut(coordinator: Lessor, linked: Linked) -> None:
    for _ in range(5):
        peer = await coordinator.registration()
        await linked.expect(Ready)
        peer.cut()
    await coordinator.registration()


async def test_time_reaches_the_session(linked: Linked) -> None:
    async with Lessor(heartbeat_s=0.1) as quick:
        other = Linked(parse(quick.url).websocket, Timing(tick_s=0.01))
        peer = await quick.registration()
        for _ in range(3):
            await peer.expect(Heartbeat)
        other.task.cancel()
        await asyncio.gather(other.task, return_exceptions=True)


async def test_a_coordinator_that_breaks_a_rule_is_left_and_tried_again(coordinator: Lessor, linked: Linked) -> None:
    peer = await coordinator.registration()
    await peer._connection.send(b"\xc1")
    await peer.left()
    peer = await coordinator.registration()
    await peer.send(Cancel([], "fine"))


async def test_a_drained_session_ends_the_link(coordinator: Lessor, linked: Linked) -> None:
    peer = await coordinator.registration()
    await linked.expect(Ready)
    linked.link.perform(linked.session.drain("test"))
    await linked.task
    await peer.left()


async def test_a_session_drained_while_the_coordinator_is_away_ends_too() -> None:
    away = Linked("ws://127.0.0.1:9/ws", Timing())
    away.link.perform(away.session.drain("test"))
    await away.task


@pytest.mark.rule("R32")
@pytest.mark.parametrize("code", ["token_invalid", "token_expired", "token_revoked", "scope_missing", "too_many_nodes"])
async def test_refusals_for_good_end_the_link(coordinator: Lessor, code: str) -> None:
    coordinator.refuse = ErrorMessage(code, "no", "do that", fatal=True)
    with pytest.raises(Refused) as refusal:
        await Linked(parse(coordinator.url).websocket, Timing()).task
    assert (refusal.value.code, refusal.value.hint) == (code, "do that")


@pytest.mark.rule("R11", "R32")
@pytest.mark.parametrize(("close_code", "code"), [(CLOSE_REPLACED, "node_replaced"), (CLOSE_RETIRED, "node_retired")])
async def test_a_node_replaced_or_retired_stays_away(
    coordinator: Lessor, linked: Linked, close_code: int, code: str
) -> None:
    peer = await coordinator.registration()
    await linked.expect(Ready)
    await peer._connection.close(close_code)
    with pytest.raises(Refused) as refusal:
        await linked.task
    assert refusal.value.code == code


async def test_a_refusal_that_may_pass_is_tried_again(coordinator: Lessor) -> None:
    coordinator.refuse = ErrorMessage("overloaded", "later", "", fatal=True)
    patient = Linked(parse(coordinator.url).websocket, Timing())
    await patient.expect(Problem)
    coordinator.refuse = None
    await coordinator.registration()
    patient.link.perform(patient.session.drain("test"))
    await asyncio.gather(patient.task, return_exceptions=True)


async def test_an_id_the_coordinator_does_not_know_is_forgotten(coordinator: Lessor) -> None:
    coordinator.refuse = ErrorMessage("node_unknown", "no such node", "", fatal=True)
    stranger = Linked(parse(coordinator.url).websocket, Timing())
    stranger.session.offer = Register("lost", "n", 1, 1, ["echo-1"], 1.0, 8)
    await stranger.expect(Problem)
    coordinator.refuse = None
    peer = await coordinator.registration()
    assert peer.register.node == ""
    stranger.task.cancel()
    await asyncio.gather(stranger.task, return_exceptions=True)


@pytest.mark.rule("R38")
async def test_each_connection_tells_what_the_node_has_by_then(coordinator: Lessor, linked: Linked) -> None:
    peer = await coordinator.registration()
    assert peer.register.cached == [bytes([1]) * 32]
    await linked.expect(Ready)
    peer.cut()
    assert (await coordinator.registration()).register.cached == [bytes([2]) * 32]


@pytest.mark.rule("R38")
async def test_the_way_is_measured_as_soon_as_there_is_one(coordinator: Lessor, linked: Linked) -> None:
    await coordinator.registration()

    async def measured() -> float | None:
        return linked.link.rtt_ms or None

    assert 0 < await eventually(measured, "the answer to the ping") < 10_000
