"""Requests that meet: the same key, the same batch, the same blob, the same money, at the same moment."""

import asyncio
from hashlib import sha256
from uuid import UUID

from tests.http.conftest import Newcomer, Person, Site, create, encoded, order
from tests.http.test_jobs import wallet

AT_ONCE = 8


async def test_one_key_at_the_same_moment_creates_one_job(requester: Person) -> None:
    key = {"Idempotency-Key": "together"}
    posts = [requester.http.post("/api/jobs", json=order(2), headers=key) for _ in range(AT_ONCE)]
    answers = await asyncio.gather(*posts)
    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["id"] for a in answers}) == 1
    assert (await wallet(requester))["held_micros"] == 100_000


async def test_a_wallet_is_never_overdrawn(requester: Person) -> None:
    posts = [requester.http.post("/api/jobs", json=order(1, budget_micros=300_000)) for _ in range(AT_ONCE)]
    answers = await asyncio.gather(*posts)
    assert sorted(a.status_code for a in answers) == [200] * 3 + [402] * (AT_ONCE - 3)
    assert await wallet(requester) == {"wallet_micros": 100_000, "held_micros": 900_000}


async def test_one_batch_at_the_same_moment_is_stored_once(site: Site, requester: Person) -> None:
    job = await create(requester)
    batch = {"sequence": 0, "arguments": [encoded(b"%d" % i) for i in range(30)]}
    url = f"/api/jobs/{job['id']}/tasks"
    answers = await asyncio.gather(*[requester.http.post(url, json=batch) for _ in range(AT_ONCE)])
    assert {a.text for a in answers} == {answers[0].text}
    assert [c["n"] for c in await site.market.chunks_of(UUID(job["id"]))] == [4, 26]


async def test_one_blob_at_the_same_moment_from_several_people(site: Site, newcomer: Newcomer) -> None:
    people = [await newcomer() for _ in range(4)]
    content = bytes(300_000)
    digests = await asyncio.gather(*[person.upload(content) for person in people * 2])
    assert set(digests) == {sha256(content).hexdigest()}
    for person in people:
        assert (await person.http.get(f"/api/blobs/{digests[0]}")).content == content


async def test_the_last_places_for_nodes_are_given_once(newcomer: Newcomer) -> None:
    person = await newcomer()
    nodes = [person.http.post("/api/nodes/register", json={"name": "n"}) for _ in range(AT_ONCE)]
    assert {a.status_code for a in await asyncio.gather(*nodes)} == {200}
    posts = [person.http.post("/api/nodes/register", json={"name": "n"}) for _ in range(100)]
    answers = [a.status_code for a in await asyncio.gather(*posts)]
    assert sorted(answers) == [200] * (100 - AT_ONCE) + [409] * AT_ONCE
