"""Background duties, each run once at a chosen time: what is old goes, what is in use stays."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.http.conftest import Newcomer, Person, Site, create, order
from tests.http.test_jobs import encoded_reference, wallet

from we1web.coordinator.loops.blob_garbage import BlobGarbage
from we1web.coordinator.loops.blob_orphans import BlobOrphans
from we1web.coordinator.loops.idempotency_keys import IdempotencyKeys
from we1web.coordinator.loops.job_deadlines import JobDeadlines
from we1web.coordinator.loops.login_sessions import LoginSessions
from we1web.coordinator.loops.loop import Loop, Runner, run_once
from we1web.coordinator.storage.principal import SERVICE

WEEK_S = 7 * 86_400.0


async def at(site: Site, loop: Loop, days: float) -> int:
    """Runs a duty as if it were that many days later."""
    async with site.app.services.database.transaction(SERVICE) as tx:
        done = await loop.run_once(tx, datetime.now(UTC) + timedelta(days=days))
    await loop.committed()
    return done


async def test_old_idempotency_keys_are_forgotten(site: Site, requester: Person) -> None:
    key = {"Idempotency-Key": "again"}
    assert (await requester.http.post("/api/jobs", json=order(1), headers=key)).status_code == 200
    loop = IdempotencyKeys(86_400)
    assert await at(site, loop, 0.5) == 0
    assert await at(site, loop, 1.5) >= 1
    assert (await requester.http.post("/api/jobs", json=order(2), headers=key)).status_code == 200


async def test_sessions_nobody_refreshed_end(site: Site, newcomer: Newcomer) -> None:
    person = await newcomer()
    await at(site, LoginSessions(), 1)
    assert (await person.http.get("/api/jobs")).status_code == 200
    await at(site, LoginSessions(), 10_000)
    refused = await person.http.get("/api/jobs")
    assert (refused.status_code, refused.json()["code"]) == (401, "token_revoked")


async def test_old_blobs_go_unless_a_living_job_names_them(site: Site, requester: Person) -> None:
    used, unused = await requester.upload(b"in use"), await requester.upload(b"rubbish")
    job = await create(requester, arguments=[encoded_reference(used, 6)], complete=True)
    blobs = site.app.services.blobs
    loop = BlobGarbage(blobs, WEEK_S)
    await at(site, loop, 6)
    assert blobs.has(bytes.fromhex(unused))
    assert await at(site, loop, 8) >= 1
    assert blobs.has(bytes.fromhex(used)) and not blobs.has(bytes.fromhex(unused))
    assert (await requester.http.get(f"/api/blobs/{unused}")).status_code == 404
    assert await requester.upload(b"rubbish") == unused
    assert blobs.has(bytes.fromhex(unused))
    await requester.http.delete(f"/api/jobs/{job['id']}")
    await at(site, loop, 8)
    assert not blobs.has(bytes.fromhex(used))


async def test_files_without_a_row_go_when_they_are_old(site: Site, requester: Person) -> None:
    blobs = site.app.services.blobs
    known = bytes.fromhex(await requester.upload(b"known"))
    orphan, young = await blobs.take_in(b"orphan"), await blobs.take_in(b"young orphan")
    for upload in (orphan, young):
        await blobs.place(upload)
    age(blobs.path_of(orphan.digest), days=2)
    age(blobs.path_of(known), days=2)
    loop = BlobOrphans(blobs)
    assert sum([await at(site, loop, 0) for _ in range(256)]) == 1
    assert not blobs.has(orphan.digest)
    assert blobs.has(young.digest) and blobs.has(known)


def age(path: Path, days: float) -> None:
    then = path.stat().st_mtime - days * 86_400
    os.utime(path, (then, then))


async def test_jobs_past_their_deadline_are_cancelled_and_refunded(site: Site, requester: Person) -> None:
    before = await wallet(requester)
    late = await create(requester, 1, deadline_s=3_600)
    never = await create(requester, 1)
    loop = JobDeadlines(site.market.cancel_job)
    assert await at(site, loop, 0) == 0
    assert await at(site, loop, 1) == 1
    assert (await requester.http.get(f"/api/jobs/{late['id']}")).json()["state"] == "cancelled"
    assert (await requester.http.get(f"/api/jobs/{never['id']}")).json()["state"] == "open"
    assert (await wallet(requester))["wallet_micros"] == before["wallet_micros"] - 100_000


class Counting:
    """A duty that counts its runs, and fails at the first."""

    name = "counting"
    every_s = 0.0

    def __init__(self) -> None:
        self.runs = 0

    async def run_once(self, tx: object, now: datetime) -> int:
        self.runs += 1
        if self.runs == 1:
            raise RuntimeError("the first time")
        return self.runs

    async def committed(self) -> None:
        if self.runs == 3:
            self.done.set_result(None)


async def test_a_loop_that_fails_runs_again(site: Site) -> None:
    loop = Counting()
    loop.done = asyncio.get_running_loop().create_future()
    runner = Runner(site.app.services, [loop])
    runner.start()
    await loop.done
    await runner.stop()
    assert loop.runs >= 3


async def test_only_one_coordinator_does_a_duty(site: Site) -> None:
    loop = Counting()
    loop.runs = 10

    class Meanwhile(Counting):
        """Another coordinator's run, in the middle of which ours comes."""

        async def run_once(self, tx: object, now: datetime) -> int:
            return await run_once(site.app.services, loop)

    assert await run_once(site.app.services, Meanwhile()) == 0
    assert loop.runs == 10
