"""Twelve nodes of twelve owners on a real coordinator: three collude, one keeps crashing, one is slow; one referee."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.live.harness import CoordinatorProcess, Fleet, Person, Requester
from tests.live.test_crash import Moments, check_books
from tests.runtimes.test_verifiers import factorise, is_factorisation

from we1web.protocol import outcome
from we1web.sdk.async_client import AsyncClient
from we1web.testing.patience import eventually

HONEST = ("ada", "bob", "cleo", "dan", "eve", "fay", "gus")
CLIQUE = ("mallory", "mordred", "moriarty")
CRASHING, SLOW = "crash", "slow"
TASKS = 4_000
CHUNK = 10


async def crash_and_come_back(fleet: Fleet, moments: Moments, owner: Person) -> None:
    """Vanishes in mid-task and starts again, six times."""
    for _ in range(6):
        await moments.next()
        await fleet.kill(CRASHING)
        await fleet.start(CRASHING, await owner.token("node"))


@pytest.mark.parametrize("policy", ["classic", "adaptive"])
async def test_a_clique_a_crashing_and_a_slow_node_change_no_result(
    coordinator: CoordinatorProcess, tmp_path: Path, policy: str
) -> None:
    async with Fleet(coordinator, tmp_path) as fleet:
        for name in HONEST:
            await fleet.add(name)
        for name in CLIQUE:
            await fleet.add(name, liar=True)
        await fleet.add(SLOW, slow_s=0.3)
        crashing = await fleet.add(CRASHING)
        requester = await Requester.make(coordinator)
        await fleet.start("judge", coordinator.operator_token, referee="*")
        payloads = [b"task %d" % number for number in range(TASKS)]
        moments = Moments(fleet, seed=5, most=TASKS // 5)
        trouble = asyncio.create_task(crash_and_come_back(fleet, moments, crashing))
        job = await requester.submit(payloads, chunk=CHUNK, policy=policy)
        ended = await requester.until_done(job, timeout_s=120)
        trouble.cancel()
        results = await requester.results(job)
    assert (ended["verified"], ended["failed"], ended["state"]) == (TASKS, 0, "done")
    answers = {item["index"]: outcome.payload(item["outcome"]) for item in results}
    assert answers == dict(enumerate(payloads)), "wrong results accepted"
    totals = await requester.totals()
    assert sum(totals.values()) == 0 and totals["escrow"] == 0
    await check_books(coordinator.environment["DATABASE_URL"])


JOB_TIMEOUT_S = 120.0
"""A job that stalls fails its test instead of hanging the suite."""


async def factorised(url: str, token: str, numbers: list[int], **terms: Any) -> list[list[int]]:
    async with asyncio.timeout(JOB_TIMEOUT_S), AsyncClient(url, token) as client:
        job = await client.map(factorise, numbers, price=100, budget=10**7, **terms)
        return [found async for found in job]


async def test_a_verifier_of_the_requesters_own_confirms_every_result(
    coordinator: CoordinatorProcess, tmp_path: Path
) -> None:
    async with Fleet(coordinator, tmp_path, sandboxed=("python",)) as fleet:
        await fleet.add("ada")
        await fleet.add("mallory", liar=True)
        await fleet.start("judge", coordinator.operator_token, referee="*")
        requester = await Requester.make(coordinator)
        numbers = list(range(1_000, 1_040))
        token = await requester.person.token("jobs")
        terms = {"policy": "checked", "verifier": is_factorisation}
        answers = await factorised(coordinator.url, token, numbers, **terms)
    assert answers == [factorise(number) for number in numbers]
    (job,) = (await requester.person.call("GET", "/api/jobs"))["items"]
    assert job["executions"] < 3 * len(numbers)
    assert job["referee_runs"] >= len(numbers)
    totals = await requester.totals()
    assert sum(totals.values()) == 0 and totals["escrow"] == 0


async def test_the_requesters_own_machine_decides_what_two_owners_dispute(
    coordinator: CoordinatorProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    async with Fleet(coordinator, tmp_path, sandboxed=("python",)) as fleet:
        await fleet.add("ada")
        await fleet.add("mallory", liar=True)
        requester = await Requester.make(coordinator)
        numbers = list(range(1_000, 1_010))
        token = await requester.person.token("jobs")
        answers = await factorised(coordinator.url, token, numbers, referee=True)
    assert answers == [factorise(number) for number in numbers]
    (job,) = (await requester.person.call("GET", "/api/jobs"))["items"]
    assert job["referee_runs"] >= len(numbers)
    assert job["executions"] == 2 * len(numbers)


async def test_an_honest_vote_that_a_clique_out_voted_is_heard_by_the_referee_and_paid(
    coordinator: CoordinatorProcess, tmp_path: Path
) -> None:
    async with Fleet(coordinator, tmp_path) as fleet:
        ada = await fleet.add("ada")
        for name in CLIQUE[:2]:
            await fleet.add(name, liar=True)
        requester = await Requester.make(coordinator)
        job = await requester.submit([b"task %d" % number for number in range(12)])
        await requester.until_done(job)
        disputes = (await ada.call("GET", "/api/disputes"))["items"]
        assert len(disputes) == 12
        contested = disputes[0]["id"]
        waiting = await ada.call("POST", f"/api/disputes/{contested}/contest")
        assert waiting["contest"]["state"] == "waiting"
        await fleet.start("judge", coordinator.operator_token, referee="*")
        heard = await eventually(lambda: decided(ada, contested), "the contest is decided")
        (balance,) = (await ada.call("GET", "/api/payments/earnings"))["balances"]
    assert heard["contest"]["state"] == "overturned"
    assert balance["earnings_micros"] == 900
    totals = await requester.totals()
    assert sum(totals.values()) == 0 and totals["fees"] == 12 * 2 * 100 - 900


async def decided(person: Person, dispute: int) -> dict[str, Any] | None:
    found: dict[str, Any] = await person.call("GET", f"/api/disputes/{dispute}")
    return found if found["contest"]["state"] != "waiting" else None
