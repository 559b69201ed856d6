"""The real market's money, audited: every settlement follows from the votes of real connections."""

import asyncio

import httpx2
from tests.ws.conftest import HandNode, Site

from we1web.coordinator.storage import audit
from we1web.protocol import outcome
from we1web.protocol.messages import Complete, Report
from we1web.testing.patience import eventually


async def differences(site: Site) -> list[audit.Difference]:
    async with site.app.services.database.snapshot() as connection:
        return [one async for one in audit.differences(connection)]


async def work(node: HandNode) -> None:
    """Right answers to whatever comes, without waiting for acknowledgements."""
    while True:
        leases = await node.leases()
        node.seq += 1
        reports = [Report(one.bundle, [outcome.value(a[1:]) for a in one.arguments], 1000) for one in leases]
        await node.say(Complete(node.seq, reports))


async def ended(http: httpx2.AsyncClient, job: str) -> bool | None:
    """Whether its end, and so its refund, is written."""
    return (await http.get(f"/api/jobs/{job}")).json()["ended_at"] is not None or None


async def test_the_books_of_real_jobs_are_sound_at_every_moment(site: Site) -> None:
    """Audited all the time while votes come in, are settled, and jobs end or are cancelled."""
    requester = await site.requester()
    nodes = [await site.node(window=16) for _ in range(3)]
    audits = 0

    async def watch() -> None:
        nonlocal audits
        while True:
            assert await differences(site) == []
            audits += 1

    watching, *working = [asyncio.create_task(each) for each in (watch(), *map(work, nodes))]
    jobs = [await site.submit(requester, [b"%d" % n for n in range(60)], price_micros=7)]
    jobs.append(await site.submit(requester, [b"x"] * 5))
    jobs.append(await site.submit(requester, [b"y"] * 5))
    await requester.delete(f"/api/jobs/{jobs[-1]}")
    for job in jobs:
        await eventually(lambda job=job: ended(requester, job), "the end of a job", 20)
    assert not watching.done(), watching.result()
    for task in (watching, *working):
        task.cancel()
    assert await differences(site) == [] and audits > 2
    async with site.app.services.database.snapshot() as connection:
        settled = await connection.fetchval("select count(*) from ledger.transactions where kind = 'settle'")
        assert settled >= 2 and (await audit.size(connection)).tasks >= 65
