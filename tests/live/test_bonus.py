"""Fast and slow nodes are paid differently, by the coordinator's clock, and killing it forgets nobody's bonus."""

from hashlib import sha256
from pathlib import Path

import asyncpg
import msgspec
from tests.live.harness import PRICE_MICROS, PROGRAM, CoordinatorProcess, Fleet, Requester

from we1web.coordinator.storage import audit
from we1web.protocol import outcome
from we1web.testing.patience import eventually

TASKS = 4
BONUS_MICROS = 500
WITHIN_S = 1.0
SLOW_S = TASKS * WITHIN_S + 1.0
"""The four tasks are one bundle."""


async def test_a_bonus_survives_a_kill_between_the_votes_and_the_settlement(
    coordinator: CoordinatorProcess, tmp_path: Path
) -> None:
    async with Fleet(coordinator, tmp_path) as fleet:
        for name in ("ada", "bob"):
            await fleet.add(name)
        await fleet.add("cleo", slow_s=SLOW_S)
        requester = await Requester.make(coordinator)
        job = await open_job(requester)
        await eventually(lambda: voted(requester, job), "every vote is recorded", 30)
        await coordinator.kill()
        await coordinator.start()
        assert (await requester.job(job))["spent_micros"] == 0, "killed before anything was accepted"
        await requester.person.call("POST", f"/api/jobs/{job}/close")
        ended = await requester.until_done(job)
        votes = (await requester.results(job))[0]["votes"]
        earned = await earnings(coordinator.environment["DATABASE_URL"])
        totals = await requester.totals()
    reward, bonus = PRICE_MICROS * 9 // 10, BONUS_MICROS * 9 // 10
    assert earned == {"ada": TASKS * (reward + bonus), "bob": TASKS * (reward + bonus), "cleo": TASKS * reward}
    assert ended["spent_micros"] == TASKS * (3 * PRICE_MICROS + 2 * BONUS_MICROS)
    assert sorted(vote["fast"] for vote in votes) == [False, True, True]
    assert totals["escrow"] == sum(totals.values()) == 0
    assert totals["earnings"] + totals["fees"] == ended["spent_micros"]


async def open_job(requester: Requester) -> str:
    """One bundle of four tasks of a job that stays open: what newcomers agree on is held, and nothing is paid yet."""
    digest = sha256(PROGRAM).hexdigest()
    await requester.person.call("PUT", f"/api/blobs/{digest}", content=PROGRAM)
    order = {
        "runtime": "python",
        "program": digest,
        "entry": "echo",
        "price_micros": PRICE_MICROS,
        "bonus_micros": BONUS_MICROS,
        "bonus_within_s": WITHIN_S,
        "budget_micros": TASKS * 10 * PRICE_MICROS,
        "hold_s": 3_600,
    }
    made = await requester.person.call("POST", "/api/jobs", json=order)
    job: str = made["id"]
    batch = {"sequence": 0, "arguments": [outcome.inline(b"%d" % n) for n in range(TASKS)], "complete": False}
    headers = {"Content-Type": "application/msgpack"}
    content = msgspec.msgpack.encode(batch)
    await requester.person.call("POST", f"/api/jobs/{job}/tasks", content=content, headers=headers)
    return job


async def voted(requester: Requester, job: str) -> bool | None:
    return True if (await requester.job(job))["executions"] == 3 * TASKS else None


async def earnings(dsn: str) -> dict[str, int]:
    """By the name of the owner's node; and the audit, which derives all of it from the votes, finds nothing."""
    database = await asyncpg.connect(dsn)
    try:
        rows = await database.fetch(
            "select n.name, sum(b.balance)::bigint as balance from public.nodes n"
            " join ledger.balances b on b.kind = 'earnings' and b.owner_id = n.owner_id group by n.name"
        )
        async with database.transaction():
            assert [one async for one in audit.differences(database)] == []
    finally:
        await database.close()
    return {row["name"]: row["balance"] for row in rows}
