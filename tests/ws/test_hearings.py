"""A vote that went unpaid is contested while its job still runs, and heard when the job is gone."""

import asyncio

import httpx2
import pytest
from tests.ws.conftest import HandNode, Site, differences, ended

from we1web.protocol import outcome
from we1web.protocol.messages import Lease, Report
from we1web.testing.patience import eventually

WAIT_S = 60.0
TRUTH = {b"x": outcome.value(b"x"), b"y": outcome.value(b"y")}
LIE = outcome.value(b"lie")


async def by_argument(node: HandNode) -> dict[bytes, Lease]:
    """The leases on both tasks of the job, in whatever frames they come."""
    leases: dict[bytes, Lease] = {}
    while len(leases) < len(TRUTH):
        leases |= {bytes(one.arguments[0][1:]): one for one in await node.leases()}
    return leases


async def say(node: HandNode, lease: Lease, answer: bytes) -> None:
    await node.report(Report(lease.bundle, [answer], 1000))


async def dispute_of(http: httpx2.AsyncClient) -> int | None:
    for dispute in (await http.get("/api/disputes")).json()["items"]:
        found: int = dispute["id"]
        return found
    return None


async def decided(http: httpx2.AsyncClient, dispute: int) -> str | None:
    state: str = (await http.get(f"/api/disputes/{dispute}")).json()["contest"]["state"]
    return state if state != "waiting" else None


@pytest.mark.rule("R39")
@pytest.mark.parametrize("end", ["done", "cancelled"])
async def test_a_contest_is_heard_though_its_job_has_ended_meanwhile(site: Site, end: str) -> None:
    account = await site.account()
    liar = await site.node(await site.token("node", account=account))
    honest = [await site.node() for _ in range(2)]
    requester = await site.requester()
    job = await site.submit(requester, [b"x", b"y"], hold_s=0)
    async with asyncio.timeout(WAIT_S):
        lied = await by_argument(liar)
        await say(liar, lied[b"x"], LIE)
        held = [await by_argument(node) for node in honest]
        for node, leases in zip(honest, held, strict=True):
            await say(node, leases[b"x"], TRUTH[b"x"])
        third = await site.node()
        (wanted,) = await third.leases()
        await say(third, wanted, TRUTH[b"x"])
        await third.socket.close()  # else it might be asked for the other task, whose voters wait
    async with site.http(account) as contributor:
        dispute = await eventually(lambda: dispute_of(contributor), "the dispute is on record", WAIT_S)
        operator = site.app.operator_token_path.read_text().strip()
        judge = await site.node(operator, referee="*")
        answer = await contributor.post(f"/api/disputes/{dispute}/contest")
        assert answer.is_success, answer.text
        async with asyncio.timeout(WAIT_S):
            (hearing,) = await judge.leases()
        assert bytes(hearing.arguments[0][1:]) == b"x"
        await judge.socket.close()
        if end == "cancelled":
            assert (await requester.delete(f"/api/jobs/{job}")).is_success
        else:
            for node, leases in zip((liar, *honest), (lied, *held), strict=True):
                await say(node, leases[b"y"], TRUTH[b"y"])
        await eventually(lambda: ended(requester, job), "the end of the job", WAIT_S)
        judge = await site.node(operator, referee="*", node=judge.registered.node)
        async with asyncio.timeout(WAIT_S):
            (again,) = await judge.leases()
        await say(judge, again, TRUTH[b"x"])
        assert await eventually(lambda: decided(contributor, dispute), "the ruling", WAIT_S) == "upheld"
    assert (await requester.get(f"/api/jobs/{job}")).json()["state"] == end
    assert await differences(site) == []
