"""The whole agent against a coordinator driven by hand, over real sockets."""

import signal
from pathlib import Path

import pytest
from tests.agent.conftest import Agents, GatedRuntime, lease

from we1web.agent.runtime import RuntimeBroken, Work
from we1web.agent.service import Exit
from we1web.protocol import outcome
from we1web.protocol.messages import (
    Cancel,
    Complete,
    Completed,
    Drain,
    ErrorMessage,
    Failed,
    Heartbeat,
    JobInfo,
    Refusal,
    Registered,
    Report,
)
from we1web.testing.lessor import Lessor, Peer
from we1web.testing.runtimes import EchoRuntime


async def reports(peer: Peer, count: int) -> dict[int, Report]:
    """The next so many reports, by bundle; acknowledged as they come."""
    found: dict[int, Report] = {}
    while len(found) < count:
        complete = await peer.expect(Complete)
        found |= {report.bundle: report for report in complete.reports}
        await peer.acknowledge(complete.seq)
    return found


async def test_bundles_are_run_and_reported(coordinator: Lessor, job: JobInfo, agents: Agents) -> None:
    service, task = agents.start()
    peer = await coordinator.registration()
    await peer.assign([lease(1, b"a", b"b"), lease(2, b"c")], [job])
    await peer.send(Completed("j", paid=2, rejected=1, earned_micros=900))
    found = await reports(peer, 2)
    assert found[1].outcomes == [outcome.value(b"a"), outcome.value(b"b")]
    assert found[2].outcomes == [outcome.value(b"c")]
    service.stop()
    assert await task is Exit.DRAINED
    assert (service.totals.executed, service.totals.acknowledged) == (3, 3)
    assert (service.totals.paid, service.totals.rejected, service.totals.earned_micros) == (2, 1, 900)


async def test_no_more_bundles_at_once_than_cores(
    coordinator: Lessor, job: JobInfo, agents: Agents, gated: GatedRuntime
) -> None:
    agents.start(gated)
    peer = await coordinator.registration()
    await peer.assign([lease(bundle) for bundle in range(5)], [job])
    await gated.started.get()
    await gated.started.get()
    assert gated.started.empty()
    gated.gate.set()
    assert set(await reports(peer, 5)) == set(range(5))


@pytest.mark.rule("R24", "R27")
async def test_work_goes_on_while_the_connection_is_gone(
    coordinator: Lessor, job: JobInfo, agents: Agents, gated: GatedRuntime
) -> None:
    agents.start(gated)
    peer = await coordinator.registration()
    await peer.assign([lease(1)], [job])
    await gated.started.get()
    peer.cut()
    gated.gate.set()
    peer = await coordinator.registration()
    assert [held.held for held in peer.register.resume] == [[1]]
    assert set(await reports(peer, 1)) == {1}


async def test_unacknowledged_results_are_sent_again(coordinator: Lessor, job: JobInfo, agents: Agents) -> None:
    service, _ = agents.start()
    peer = await coordinator.registration()
    await peer.assign([lease(1)], [job])
    first = await peer.expect(Complete)
    peer.cut()
    peer = await coordinator.registration()
    again = await peer.expect(Complete)
    assert again == first
    assert service.totals.executed == 1


@pytest.mark.rule("R15", "R16")
async def test_cancelled_work_is_killed(coordinator: Lessor, job: JobInfo, agents: Agents, gated: GatedRuntime) -> None:
    agents.start(gated)
    peer = await coordinator.registration()
    await peer.assign([lease(1), lease(2), lease(3)], [job])
    await gated.started.get()
    await peer.send(Cancel([1], "job_cancelled"))
    await gated.killed.get()
    gated.gate.set()
    assert set(await reports(peer, 2)) == {2, 3}


@pytest.mark.rule("R26")
async def test_work_that_is_not_wanted_any_more_is_killed(
    coordinator: Lessor, job: JobInfo, agents: Agents, gated: GatedRuntime
) -> None:
    agents.start(gated)
    peer = await coordinator.registration()
    await peer.assign([lease(1)], [job])
    await gated.started.get()
    coordinator.unwanted.add(1)
    peer.cut()
    await coordinator.registration()
    await gated.killed.get()


class Broken(EchoRuntime):
    """Fails once, in the way it is told."""

    def __init__(self, failure: Exception) -> None:
        super().__init__()
        self.failures = [failure]

    async def run(self, work: Work) -> list[bytes]:
        if self.failures:
            raise self.failures.pop()
        return await super().run(work)


@pytest.mark.rule("R18")
@pytest.mark.parametrize(
    ("failure", "code"), [(RuntimeBroken("gone"), "runtime_broken"), (ZeroDivisionError("bug"), "agent_error")]
)
async def test_what_goes_wrong_gives_the_bundle_back_and_nothing_else(
    coordinator: Lessor, job: JobInfo, agents: Agents, failure: Exception, code: str
) -> None:
    service, _ = agents.start(Broken(failure))
    peer = await coordinator.registration()
    await peer.assign([lease(1)], [job])
    failed = await peer.expect(Failed)
    assert (failed.bundles, failed.code) == ([1], code)
    await peer.assign([lease(2)], [])
    assert set(await reports(peer, 1)) == {2}
    assert service.totals.returned == 1


async def test_a_node_that_keeps_failing_takes_a_rest(coordinator: Lessor, job: JobInfo, agents: Agents) -> None:
    broken = Broken(RuntimeBroken("gone"))
    broken.failures *= 3
    agents.start(broken)
    peer = await coordinator.registration()
    await peer.assign([lease(1), lease(2), lease(3)], [job])
    while (heartbeat := await peer.expect(Heartbeat)).accepting:
        pass
    assert heartbeat.reason == "failing"


async def test_a_tampered_program_is_not_run(
    coordinator: Lessor, job: JobInfo, agents: Agents, gated: GatedRuntime
) -> None:
    coordinator.blobs[job.program] = b"malware"
    agents.start(gated)
    peer = await coordinator.registration()
    await peer.assign([lease(1)], [job])
    assert (await peer.expect(Failed)).code == "artifact_mismatch"
    assert gated.started.empty()


async def test_a_refused_report_is_counted_and_forgotten(coordinator: Lessor, job: JobInfo, agents: Agents) -> None:
    service, task = agents.start()
    peer = await coordinator.registration()
    await peer.assign([lease(1, b"a", b"b")], [job])
    complete = await peer.expect(Complete)
    await peer.acknowledge(complete.seq, [Refusal(1, "not_leased")])
    service.stop()
    assert await task is Exit.DRAINED
    assert (service.totals.refused, service.totals.acknowledged) == (2, 0)


@pytest.mark.rule("R29")
async def test_a_draining_node_finishes_what_runs_and_returns_the_rest(
    coordinator: Lessor, job: JobInfo, agents: Agents, gated: GatedRuntime
) -> None:
    service, task = agents.start(gated)
    peer = await coordinator.registration()
    await peer.assign([lease(bundle) for bundle in (1, 2, 3)], [job])
    await gated.started.get()
    await gated.started.get()
    service.stop()
    failed = await peer.expect(Failed)
    assert (failed.bundles, failed.code) == ([3], "draining")
    await peer.expect(Drain)
    gated.gate.set()
    assert set(await reports(peer, 2)) == {1, 2}
    await peer.left()
    assert await task is Exit.DRAINED
    assert gated.closed


async def test_a_second_interrupt_leaves_at_once(
    coordinator: Lessor, job: JobInfo, agents: Agents, gated: GatedRuntime
) -> None:
    service, task = agents.start(gated)
    peer = await coordinator.registration()
    await peer.assign([lease(1)], [job])
    await gated.started.get()
    service.stop(signal.SIGINT)
    service.stop(signal.SIGINT)
    assert await task is Exit.LEFT_AT_ONCE
    assert gated.closed
    assert not gated.killed.empty()


@pytest.mark.rule("R12", "R13")
async def test_an_owner_pauses_and_resumes_from_afar(
    coordinator: Lessor, job: JobInfo, agents: Agents, gated: GatedRuntime
) -> None:
    agents.start(gated)
    peer = await coordinator.registration()
    await peer.assign([lease(bundle) for bundle in (1, 2, 3)], [job])
    await gated.started.get()
    await peer.send(Registered(peer.node, "attic", "paused", []))
    assert (await peer.expect(Failed)).bundles == [3]
    heartbeat = await peer.expect(Heartbeat)
    assert (heartbeat.accepting, heartbeat.reason) == (False, "owner_paused")
    await peer.send(Registered(peer.node, "attic", "active", []))
    assert (await peer.expect(Heartbeat)).accepting
    gated.gate.set()
    assert set(await reports(peer, 2)) == {1, 2}


@pytest.mark.rule("R11")
async def test_a_node_comes_back_under_its_name(coordinator: Lessor, agents: Agents) -> None:
    for expected in ("", "node-1"):
        service, task = agents.start()
        peer = await coordinator.registration()
        await peer.expect(Heartbeat)
        assert (peer.register.node, peer.register.name, peer.register.cores) == (expected, "attic", 2)
        service.stop()
        assert await task is Exit.DRAINED


async def test_two_agents_of_one_state_folder_are_two_nodes(coordinator: Lessor, agents: Agents) -> None:
    agents.start()
    first = await coordinator.registration()
    agents.start()
    second = await coordinator.registration()
    assert {first.node, second.node} == {"node-1", "node-2"}


@pytest.mark.rule("R32")
async def test_a_refusal_for_good_ends_the_agent(coordinator: Lessor, agents: Agents) -> None:
    coordinator.refuse = ErrorMessage("token_revoked", "the token was revoked", "make another", fatal=True)
    _, task = agents.start()
    assert await task is Exit.REFUSED


async def test_a_signal_before_the_node_is_ready_ends_it(agents: Agents, gated: GatedRuntime) -> None:
    service, task = agents.start(gated, join="http://127.0.0.1:9")
    await gated.starting.wait()
    service.stop()
    assert await task is Exit.DRAINED
    assert gated.closed


async def test_what_is_no_address(agents: Agents) -> None:
    _, task = agents.start(join="ftp://x")
    assert await task is Exit.BAD_ADDRESS


async def test_a_state_folder_that_cannot_be_used(agents: Agents, tmp_path: Path) -> None:
    _, task = agents.start(state_dir=tmp_path / "benchmark.json" / "folder")
    assert await task is Exit.STATE_UNUSABLE


async def test_a_name_that_is_too_long_is_cut(coordinator: Lessor, agents: Agents) -> None:
    agents.start(name="n" * 1_000)
    assert (await coordinator.registration()).register.name == "n" * 100


async def test_a_machine_where_nothing_works(agents: Agents) -> None:
    class Useless(EchoRuntime):
        async def start(self) -> None:
            raise RuntimeBroken("no such processor")

    _, task = agents.start(Useless())
    assert await task is Exit.NO_RUNTIME


async def test_a_machine_where_one_runtime_works(coordinator: Lessor, agents: Agents) -> None:
    class Useless(EchoRuntime):
        async def start(self) -> None:
            raise RuntimeBroken("no such processor")

    agents.start(Useless("echo-2"), EchoRuntime())
    peer = await coordinator.registration()
    assert peer.register.runtimes == ["echo-1"]


async def test_the_state_folder_holds_no_token(coordinator: Lessor, agents: Agents, tmp_path: Path) -> None:
    agents.start(token="s3cret")
    await coordinator.registration()
    assert not [name for name, content in files(tmp_path).items() if b"s3cret" in content]


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.rule("R38", "R39")
async def test_a_node_tells_what_its_owner_says_and_judges_under_another_name(
    coordinator: Lessor, job: JobInfo, agents: Agents
) -> None:
    _, task = agents.start(country="DE", floor_micros_per_h=20_000)
    voter = await coordinator.registration()
    assert (voter.register.country, voter.register.floor_micros_per_h, voter.register.referee) == ("DE", 20_000, "")
    await voter.assign([lease(1)], [job])
    await reports(voter, 1)
    task.cancel()
    await voter.left()
    agents.start(referee="*")
    judge = await coordinator.registration()
    assert (judge.register.referee, judge.register.node) == ("*", ""), "a judge is another node than the voter"
    assert judge.register.cached == [job.program], "the cache they share"
